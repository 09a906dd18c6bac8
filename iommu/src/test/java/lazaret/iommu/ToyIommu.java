// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import lazaret.kernel.Errno;
import lazaret.kernel.Kernel;
import lazaret.machine.Ref;
import lazaret.machine.Word;

/**
 * A whole driver for hardware that is one table: each device's entry names the domain it uses. It checks what
 * it is told about the old domain, and any of its calls that may fail can be made to.
 */
public final class ToyIommu implements IommuOps {
    /** Which calls may fail. */
    public enum Call { PROBE, ALLOC, ATTACH, PASID }

    static final int PASIDS = 4;

    /** The driver's own object for a device, and the hardware's table entry. */
    public static final class Entry {
        final Ref<Domain> points;
        /** By PASID; null where nothing is attached. */
        final List<Ref<Domain>> pasids;     // wiring

        Entry(Kernel kernel) {
            points = new Ref<>(kernel.machine().undo(), null);
            pasids = Stream.generate(() -> new Ref<Domain>(kernel.machine().undo(), null)).limit(PASIDS)
                    .toList();
        }
    }

    /** Mappings as a list; tables of nothing. */
    public static final class Toy extends Domain.Paging {
        private final ToyIommu driver;
        private final Ref<List<IommuEntry.Mapped>> maps;

        Toy(ToyIommu driver, String name) {
            super(driver.kernel, name, driver);
            this.driver = driver;
            maps = new Ref<>(driver.kernel.machine().undo(), List.of());
        }

        @Override
        public Errno map(long iova, long pa, long size, Prot prot) {
            life().touch();
            List<IommuEntry.Mapped> more = new ArrayList<>(maps.get());
            more.add(new IommuEntry.Mapped(name(), iova, pa, size));
            maps.set(List.copyOf(more));
            mapped(iova, pa, size);
            return Errno.OK;
        }

        @Override
        public long unmap(long iova, long size) {
            life().touch();
            List<IommuEntry.Mapped> fewer = new ArrayList<>(maps.get());
            long gone = 0;
            for (IommuEntry.Mapped map : maps.get()) {
                if (map.iova() >= iova && map.iova() + map.size() <= iova + size) {
                    fewer.remove(map);
                    unmapped(map.iova(), map.pa(), map.size());
                    gone += map.size();
                }
            }
            maps.set(List.copyOf(fewer));
            flushBegin(iova, iova + size - 1);
            flushEnd(iova, iova + size - 1);
            return gone;
        }

        @Override
        protected void freeTables() {
            driver.freed(this);
        }
    }

    private final Kernel kernel;
    private final Domain.Identity identity;
    private final Domain.Blocked blocked;
    private final Word made;
    /** Counts down; at 0 the call fails. */
    private final Word[] fuse = new Word[Call.values().length];     // wiring
    /** How many calls in a row fail once the fuse is burnt. */
    private final Word streak;
    private final Ref<List<Device>> devices;
    /** What the driver saw, in order. */
    private final Ref<List<String>> seen;

    public ToyIommu(Kernel kernel, boolean nativeBlocking) {
        this.kernel = kernel;
        identity = new Domain.Identity(kernel, this);
        blocked = nativeBlocking ? new Domain.Blocked(kernel, this) : null;
        made = new Word(kernel.machine().undo());
        streak = new Word(kernel.machine().undo());
        for (int i = 0; i < fuse.length; i++) {
            fuse[i] = new Word(kernel.machine().undo(), -1);
        }
        devices = new Ref<>(kernel.machine().undo(), List.of());
        seen = new Ref<>(kernel.machine().undo(), List.of());
    }

    /** The {@code nth} such call from now fails, counted from 1, and so do the {@code times - 1} after it. */
    public void fail(Call call, int nth, int times) {
        fuse[call.ordinal()].set(nth);
        streak.set(times);
    }

    private boolean fails(Call call) {
        Word left = fuse[call.ordinal()];
        if (left.get() < 0 || left.add(-1) > 0) {
            return false;
        }
        left.set(streak.add(-1) > 0 ? 1 : -1);
        return true;
    }

    /** What the hardware of {@code dev} uses. */
    public Domain points(Device dev) {
        return ((Entry) dev.iommu().priv()).points.get();
    }

    /** Is it probed as far as the driver is concerned? */
    boolean knows(Device dev) {
        return devices.get().contains(dev);
    }

    public List<String> seen() {
        return seen.get();
    }

    public void forget() {
        seen.set(List.of());
    }

    private void see(String what) {
        List<String> more = new ArrayList<>(seen.get());
        more.add(what);
        seen.set(List.copyOf(more));
    }

    @Override
    public String name() {
        return "toy";
    }

    @Override
    public Errno probeDevice(Device dev) {
        if (fails(Call.PROBE)) {
            return Errno.ENODEV;
        }
        dev.iommu().priv(new Entry(kernel));
        dev.iommu().maxPasids(dev.name().startsWith("plain") ? 0 : PASIDS);
        List<Device> more = new ArrayList<>(devices.get());
        more.add(dev);
        devices.set(List.copyOf(more));
        return Errno.OK;
    }

    @Override
    public void releaseDevice(Device dev) {
        see("release " + dev);
        ((Entry) dev.iommu().priv()).points.set(null);
        List<Device> fewer = new ArrayList<>(devices.get());
        fewer.remove(dev);
        devices.set(List.copyOf(fewer));
    }

    @Override
    public Domain.Paging allocPaging(Device dev) {
        return fails(Call.ALLOC) ? null : new Toy(this, "toy" + (made.add(1) - 1));
    }

    @Override
    public boolean defersAttach(Device dev) {
        return dev.name().startsWith("late");
    }

    @Override
    public Domain.Identity identityDomain() {
        return identity;
    }

    @Override
    public Domain.Blocked blockedDomain() {
        return blocked;
    }

    @Override
    public Errno attach(Domain next, Device dev, Domain old) {
        Entry entry = (Entry) dev.iommu().priv();
        kernel.warnOn(entry.points.get() != old, dev + " is on " + entry.points.get() + ", not on " + old);
        if (!(next instanceof Domain.Blocked) && fails(Call.ATTACH)) {
            see("refuse " + dev + " " + next);
            return Errno.ENOMEM;
        }
        see("attach " + dev + " " + next);
        switch (next) {
            case Domain.Paging paging -> paging.life().touch();
            case Domain.Identity _, Domain.Blocked _ -> { }
            case Domain.Nested _ -> throw new AssertionError("it has no stage 2");
        }
        entry.points.set(next);
        return Errno.OK;
    }

    /** What a PASID of {@code dev} uses. */
    Domain points(Device dev, int pasid) {
        return ((Entry) dev.iommu().priv()).pasids.get(pasid).get();
    }

    @Override
    public Errno attachPasid(Domain next, Device dev, int pasid, Domain old) {
        Ref<Domain> points = ((Entry) dev.iommu().priv()).pasids.get(pasid);
        kernel.warnOn(points.get() != old, dev + " has " + points.get() + " at " + pasid + ", not " + old);
        if (fails(Call.PASID)) {
            return Errno.ENOMEM;
        }
        see("attach " + dev + " " + pasid + " " + next);
        points.set(next);
        return Errno.OK;
    }

    @Override
    public void removePasid(Device dev, int pasid, Domain old) {
        old.life().touch();
        see("remove " + dev + " " + pasid);
        ((Entry) dev.iommu().priv()).pasids.get(pasid).set(null);
    }

    @Override
    public void resetDeviceDone(Device dev) {
        see("reset_device_done " + dev);
    }

    private void freed(Domain domain) {
        see("free " + domain);
        for (Device dev : devices.get()) {
            kernel.warnOn(points(dev) == domain, dev + " still uses " + domain + ", which is freed");
        }
    }
}
