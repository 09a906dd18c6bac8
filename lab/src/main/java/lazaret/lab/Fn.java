// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.ArrayList;
import java.util.List;
import lazaret.iommu.Domain;
import lazaret.iommu.pci.PciDev;
import lazaret.iommu.pci.PciDriver;
import lazaret.iommu.pci.ResetMethod;
import lazaret.iommu.pci.Sriov;
import lazaret.iommu.pci.VfioPci;
import lazaret.kernel.Errno;
import lazaret.kernel.Held;
import lazaret.machine.Ref;
import lazaret.pcie.Pasid;
import lazaret.pcie.hw.Endpoint;
import lazaret.pcie.hw.EndpointFaults;
import lazaret.pcie.hw.Program;

/**
 * A PCIe function as scenarios use it: how it is broken, what DMA it does, and what software does to it. What
 * it is and does is said while the stage is wired; what software does to it is called from an actor.
 */
public final class Fn {
    /** A driver that only claims the device. */
    private record Plain(String name) implements PciDriver {
        @Override
        public Errno probe(PciDev dev) {
            dev.setMaster();
            return Errno.OK;
        }

        @Override
        public void remove(PciDev dev) {
            dev.clearMaster();
        }
    }

    /** Who waits for something looks this often. */
    private static final long LOOK_US = 100_000;

    private final Lab lab;
    private final Endpoint endpoint;
    private final PciDev dev;
    private EndpointFaults faults = EndpointFaults.NONE;
    /** Null before it is for users. */
    private final Ref<VfioPci> users;
    /** Null: it is a plain one. */
    private final Ref<CarefulDriver> careful;
    /** Null: it has no virtual functions. */
    private final Ref<Sriov> sriov;
    private final List<Program> programs = new ArrayList<>();
    private Program program;
    private Program warming;
    private boolean told;
    private int pasid = Pasid.NONE;

    Fn(Lab lab, Endpoint endpoint, PciDev dev) {
        this.lab = lab;
        this.endpoint = endpoint;
        this.dev = dev;
        users = new Ref<>(lab.machine().undo(), null);
        careful = new Ref<>(lab.machine().undo(), null);
        sriov = new Ref<>(lab.machine().undo(), null);
    }

    public String name() {
        return endpoint.name();
    }

    /** Where the page is that firmware reserved for it: one address for the device and for CPUs. */
    public long reserved() {
        return dev.fwspec().direct().getFirst().start();
    }

    /** The default domain of its group, into which drivers map. While the stage is wired. */
    public Space home() {
        try (Held _ = dev.group().mutex().lock()) {
            return new Space(lab, (Domain.Paging) dev.group().defaultDomain());
        }
    }

    // ---- how it is reset

    /** An operator chose these methods, in this order; else it is FLR alone. */
    public Fn resetsBy(ResetMethod... inThisOrder) {
        dev.resetMethods(inThisOrder);
        return this;
    }

    /**
     * Its kind of device is reset by an FLR, after which its firmware starts: for {@code us} microseconds
     * more it listens to nobody.
     */
    public Fn startsFirmwareAfterFlr(long us) {
        dev.quirk((pci, _) -> {
            Errno err = pci.flr(dev);
            if (err.ok()) {
                endpoint.hotReset();
                lab.sleep(us);
            }
            return err;
        });
        return resetsBy(ResetMethod.DEVICE_SPECIFIC, ResetMethod.FLR);
    }

    /**
     * Its driver recovers from errors, and takes it again whenever it is found again. Before it gets a
     * domain.
     */
    public Fn hasCarefulDriver() {
        unbind();
        wantsCarefulDriver();
        Lab.must(dev.bind(careful.get()), "bind " + name());
        return this;
    }

    Fn wantsCarefulDriver() {
        careful.set(new CarefulDriver(lab.machine(), name() + " driver"));
        dev.wants(careful.get());
        return this;
    }

    // ---- how it is broken

    /**
     * From the start of the run it takes ATC invalidations and does nothing about them, until a function
     * level reset.
     */
    public Fn neverAnswersAtcInv() {
        return wrongWithAts(faults.neverAnswersAtcInv());
    }

    /**
     * It answers each ATC invalidation {@code us} microseconds after it came. Choose more than the root's
     * time-out.
     */
    public Fn answersAtcInvAfter(long us) {
        return wrongWithAts(faults.answersLate(us));
    }

    /** It answers ATC invalidations in time and keeps the translations. */
    public Fn acksWithoutInvalidate() {
        return wrongWithAts(faults.ackWithoutInvalidate());
    }

    /** A function level reset brings it back as broken as it was. */
    public Fn staysBroken() {
        return broken(faults.incurable());
    }

    /** A function level reset does not bring it back. */
    public Fn flrFails() {
        return broken(faults.flr(EndpointFaults.Flr.NEVER_READY));
    }

    /** A function level reset brings it back, with the translations it had. */
    public Fn flrKeepsAtc() {
        return wrongWithAts(faults.flr(EndpointFaults.Flr.KEEPS_ATC));
    }

    /** It stops altogether at its {@code n}-th DMA operation of the run, counted from 0. */
    public Fn diesAt(int n) {
        return broken(faults.diesAt(n));
    }

    private Fn wrongWithAts(EndpointFaults more) {
        lab.needsAts(name() + " handles translations wrongly");
        return broken(more);
    }

    private Fn broken(EndpointFaults more) {
        faults = more;
        return this;
    }

    // ---- what it does

    /**
     * Before the run starts its ATC gets a translation of the page at {@code iova}, which must be mapped by
     * then.
     */
    public Fn warm(long iova) {
        lab.needsAts(name() + " keeps translations");
        warming = warming == null ? endpoint.program() : warming;
        warming.pasid(pasid).read(iova);
        return this;
    }

    /** During the run it writes {@code value} to {@code iova}, {@code times} times, whenever it likes. */
    public Fn writes(long iova, long value, int times) {
        for (int i = 0; i < times; i++) {
            dma().pasid(pasid).write(iova, value);
        }
        return this;
    }

    /** During the run it reads from {@code iova}, {@code times} times, whenever it likes. */
    public Fn reads(long iova, int times) {
        for (int i = 0; i < times; i++) {
            dma().pasid(pasid).read(iova);
        }
        return this;
    }

    /**
     * What it reads and writes from here on it begins {@code us} microseconds after the start of the run,
     * beside what was said before.
     */
    public Fn after(long us) {
        program = another().after(us);
        return this;
    }

    /** What it reads, writes and keeps from here on is for that PASID. */
    public Fn pasid(int space) {
        pasid = space;
        return this;
    }

    /** It does none of that before software says {@link #starts}. */
    public Fn whenStarted() {
        told = true;
        return this;
    }

    // ---- what software does to it

    /** Its driver tells it to begin. */
    public void starts() {
        programs.forEach(Program::ring);
    }

    /** What an operator does by writing to {@code reset} in sysfs. */
    public Errno reset() {
        return lab.forgets().one(() -> lab.reset().function(dev));
    }

    /** The device driver goes ({@code rmmod}). */
    public void unbind() {
        lab.forgets().run(dev::unbind);
    }

    /** A device driver comes ({@code insmod}). */
    public Errno bind() {
        return lab.forgets().one(() -> dev.bind(new Plain(name() + " driver")));
    }

    /** The driver for user space comes in place of the one it had. Its DMA stays with nobody. */
    public Errno forUsers() {
        unbind();
        users.set(new VfioPci(dev, lab.reset()));
        return lab.forgets().one(() -> dev.bind(users.get()));
    }

    /** A user opens it: his domain, a reset, and he lets it issue DMA. */
    public Errno opens(Space space) {
        Errno err = lab.forgets().one(() -> users.get().open(space.domain()));
        if (err.ok()) {
            lab.forgets().run(dev::setMaster);
        }
        return err;
    }

    /** The user closes it, or ends. */
    public void closes() {
        lab.forgets().run(users.get()::close);
    }

    /** A virtual machine gets it. While the stage is wired. */
    public Guest forGuest() {
        return new Guest(lab, this);
    }

    /** Can it be reset at all? What VFIO asks when it opens the device. */
    public boolean canBeReset() {
        return lab.reset().canReset(dev);
    }

    /** Somebody takes the DMA of its group away from kernel drivers, to hand it to a virtual machine, say. */
    public Errno claim(String who) {
        return lab.forgets().one(() -> dev.group().claimDmaOwner(who));
    }

    /** Whoever claimed its group gives it back. */
    public void yields() {
        lab.forgets().run(() -> dev.group().releaseDmaOwner());
    }

    /** Its driver maps for the first time: an attach that was put off until then happens. */
    public Errno firstMaps() {
        return lab.forgets().one(() -> lab.core().deferredAttach(dev));
    }

    /** Attaches its group, which must be on its default domain. */
    public Errno attach(Space space) {
        return lab.forgets().one(() -> dev.group().attach(space.domain()));
    }

    /** Attaches its group, whatever it was attached to. */
    public Errno replace(Space space) {
        return lab.forgets().one(() -> dev.group().replace(space.domain()));
    }

    /** Its group goes back to its default domain. */
    public void detach() {
        lab.forgets().run(() -> dev.group().detach());
    }

    /** Attaches a PASID of its group that has no domain. */
    public Errno attach(Space space, int pasid) {
        return lab.forgets().one(() -> dev.group().attachPasid(space.domain(), pasid));
    }

    /** Attaches a PASID of its group that has another domain. */
    public Errno replace(Space space, int pasid) {
        return lab.forgets().one(() -> dev.group().replacePasid(space.domain(), pasid));
    }

    /** The PASID of its group has no domain any more. */
    public void detach(int pasid) {
        lab.forgets().run(() -> dev.group().detachPasid(pasid));
    }

    /** May use the addresses of a process, under the PASID that the process has. Counts. */
    public Errno bind(Process process) {
        return lab.forgets().one(() -> lab.core().sva().bind(dev, process.mm()));
    }

    /** Once less. */
    public void unbind(Process process) {
        lab.forgets().run(() -> lab.core().sva().unbind(dev, process.mm()));
    }

    /** Its driver learns that it came back after containment, and uses it again. */
    public Errno recovered() {
        return lab.reset().recovered(dev);
    }

    /** Does it answer in configuration space right now? */
    public boolean present() {
        return dev.present();
    }

    /** Software has learned that it is gone: everybody lets go of it. */
    public void released() {
        dev.disconnect();
        dev.remove();
    }

    /** An operator switches its virtual function on: it is found, probed and bound. */
    public Errno enablesVirtual() {
        return lab.forgets().one(() -> sriov.get().enable());
    }

    /** He switches it off: it is removed first, whatever state it is in. */
    public void disablesVirtual() {
        lab.forgets().run(() -> sriov.get().disable());
    }

    /** Waits at most so long until it was removed, and was found again: false if that takes longer. */
    public boolean comesAgain(long us) {
        return lab.forgets().test(() -> {
            for (long waited = 0; waited < us && !isNew(); waited += LOOK_US) {
                lab.sleep(LOOK_US);
            }
            return isNew();
        });
    }

    private boolean isNew() {
        return careful.get().isBack();
    }

    /** Had its careful driver to let go of it in the first so many microseconds? */
    public boolean wasRemovedWithin(long us) {
        return careful.get().leftBefore(us);
    }

    /** It was released, and is found again: it gets its group and its default domain. */
    public Errno found() {
        return dev.add();
    }

    /** It vanishes, without a word to software. */
    public void yank() {
        endpoint.remove();
    }

    /** Whatever was wrong with it is over; what its ATC holds it still holds. */
    public void getsWell() {
        endpoint.mend();
    }

    /** Nothing is wrong with it any more, and an operator resets it; one that was pulled out is released. */
    Errno repaired() {
        if (!endpoint.listening()) {
            dev.group().detach();
            released();
            return Errno.OK;
        }
        endpoint.mend();
        return reset();
    }

    /** Does hardware serve its ATS traffic, and has it ATS enabled? */
    public boolean hasAts() {
        lab.needsAts(name() + " is asked whether it has ATS");
        return lab.forgets().test(() -> endpoint.atsEnabled()
                && !lab.hardware().refusesAts(endpoint.rid()));
    }

    void has(Sriov virtual) {
        sriov.set(virtual);
    }

    Sriov sriov() {
        return sriov.get();
    }

    Endpoint endpoint() {
        return endpoint;
    }

    PciDev dev() {
        return dev;
    }

    /** Wiring is over: fills the ATC. */
    void warmUp() {
        if (warming != null) {
            warming.ring();
        }
    }

    /** The ATC is filled: whatever is wrong with it is wrong from here on. */
    void breakDown() {
        if (!faults.equals(EndpointFaults.NONE)) {
            endpoint.becomes(faults);
        }
    }

    /** The run starts. */
    void go() {
        if (!told) {
            starts();
        }
    }

    private Program dma() {
        program = program == null ? another() : program;
        return program;
    }

    private Program another() {
        programs.add(endpoint.program());
        return programs.getLast();
    }
}
