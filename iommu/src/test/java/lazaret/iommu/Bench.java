// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

import java.util.ArrayList;
import java.util.List;
import lazaret.kernel.Held;
import lazaret.kernel.Kernel;
import lazaret.kernel.KernelEntry;
import lazaret.machine.Entry;
import lazaret.machine.Machine;

/** A machine with a kernel, a core and a toy IOMMU, and an ear for everything they say. */
public final class Bench {
    /** The correct core. */
    public static final Design SOUND = new Design() {
        @Override
        public String name() {
            return "sound";
        }

        @Override
        public boolean doneLooksAtResult() {
            return true;
        }
    };

    /** A device that can do ATS, as far as the core sees. */
    private static final class AtsDevice extends Device {
        AtsDevice(Iommu core, String name, Fwspec fwspec) {
            super(core, name, fwspec);
        }

        @Override
        public boolean atsSupported() {
            return true;
        }
    }

    public final Machine machine = new Machine();
    public final Kernel kernel = new Kernel(machine);
    public final Iommu iommu;
    public final ToyIommu toy;
    public final List<Entry> log = new ArrayList<>();

    public Bench(Design design, boolean nativeBlocking) {
        iommu = new Iommu(kernel, design);
        toy = new ToyIommu(kernel, nativeBlocking);
        machine.log().listen(log::add, true);
    }

    public Bench() {
        this(SOUND, true);
    }

    /** A device in a group named {@code unit}, not probed. */
    public Device device(String name, String unit, int sid) {
        return new AtsDevice(iommu, name, new Fwspec(toy, List.of(sid), unit));
    }

    /** A probed device. */
    public Device probed(String name, String unit, int sid) {
        Device dev = device(name, unit, sid);
        if (iommu.probeDevice(dev).failed()) {
            throw new IllegalStateException(name + " does not probe");
        }
        return dev;
    }

    /** What {@code dev} is in the eyes of the core. */
    public BlockReason blocked(Device dev) {
        try (Held _ = dev.group().mutex().lock()) {
            return dev.group().find(dev).blocked();
        }
    }

    /** What must hold of a group whenever its mutex is free. */
    public void check(Group group) {
        try (Held _ = group.mutex().lock()) {
            int blocked = 0;
            for (GroupDevice gdev : group.devices()) {
                blocked += gdev.isBlocked() ? 1 : 0;
                check(group, gdev);
            }
            expect(group.recoveryCnt() == blocked, group + " counts wrong, blocked are " + blocked);
            if (group.domain() != null) {
                expect(group.domain().life().alive(), group + " is on a freed domain");
            }
        }
    }

    private void check(Group group, GroupDevice gdev) {
        expect(gdev.dev().group() == group, gdev + " is in another group");
        Domain points = toy.points(gdev.dev());
        Domain told = gdev.physical();
        expect(told == null || told == points, gdev + " hardware " + points + " core " + told);
        boolean resetting = gdev.resetDepth() > 0;
        switch (gdev.blocked()) {
            case NONE, RESET_FAILED, ATTACH_FAILED, REPORTED ->
                expect(!resetting, gdev + " in reset but " + gdev.blocked());
            case RESET ->
                expect(resetting, gdev + " blocked for a reset that is over");
        }
    }

    private static void expect(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    /** Whatever the kernel found wrong: warnings, broken contexts, use after free. */
    public List<String> wrongs() {
        List<String> wrongs = new ArrayList<>();
        for (Entry entry : log) {
            switch (entry) {
                case KernelEntry.Warned w -> wrongs.add(w.text());
                case KernelEntry.BrokenContext b -> wrongs.add(b.text());
                case KernelEntry.UseAfterFree u -> wrongs.add(u.text());
                case Entry _ -> { }
            }
        }
        return wrongs;
    }

    /** The kernel's log. */
    public List<String> dmesg() {
        return log.stream().filter(KernelEntry.Printk.class::isInstance).map(Entry::text).toList();
    }

    /** What core and driver told the oracle. */
    public List<String> facts() {
        return log.stream().filter(IommuEntry.class::isInstance).map(Entry::text).toList();
    }

    /** Everything a group is, for before and after. */
    public String state(Group group) {
        try (Held _ = group.mutex().lock()) {
            var text = new StringBuilder(group + " on " + group.domain());
            text.append(" recovery ").append(group.recoveryCnt());
            for (GroupDevice gdev : group.devices()) {
                text.append("; ").append(gdev).append(' ').append(gdev.blocked());
                text.append(' ').append(gdev.resetDepth()).append(" on ").append(toy.points(gdev.dev()));
            }
            return text.toString();
        }
    }
}
