// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import lazaret.iommu.Domain;
import lazaret.iommu.Fwspec;
import lazaret.iommu.Iommu;
import lazaret.iommu.IommuEntry;
import lazaret.iommu.design.MinimumX;
import lazaret.iommu.pci.PciDev;
import lazaret.kernel.Cpu;
import lazaret.kernel.Errno;
import lazaret.kernel.Held;
import lazaret.kernel.Kernel;
import lazaret.kernel.KernelEntry;
import lazaret.machine.Chance;
import lazaret.machine.Entry;
import lazaret.machine.Machine;
import lazaret.pcie.Bdf;

/** A driver that has brought up a played SMMU, devices behind it, and an ear for everything they say. */
final class Rig {
    static final int NIC = 0x100;
    static final int GPU = 0x200;

    final Machine machine = new Machine();
    final Kernel kernel = new Kernel(machine);
    final Cpu cpu0 = kernel.cpu("cpu0");
    final Cpu cpu1 = kernel.cpu("cpu1");
    final PlayedSmmu hw = new PlayedSmmu(machine);
    final SortedMap<Integer, AtsFunction> functions = new TreeMap<>();
    final SortedMap<Integer, PciDev> devices = new TreeMap<>();
    final List<Entry> log = new ArrayList<>();
    final SmmuDesign design;
    final SmmuDevice smmu;
    final Iommu core;
    final Errno probed;

    Rig() {
        this(new MinimumX());
    }

    Rig(SmmuDesign design) {
        this(design, setup -> setup);
    }

    Rig(SmmuDesign design, UnaryOperator<SmmuSetup> tune) {
        this.design = design;
        machine.log().listen(log::add, true);
        SmmuSetup setup = SmmuSetup.of("smmu", hw, hw.gerrorIrq, hw.eventqIrq, cpu0);
        smmu = new SmmuDevice(kernel, design, tune.apply(setup));
        core = new Iommu(kernel, design);
        probed = smmu.probe();
    }

    /** A function that can do ATS, attached to a default domain of its own. */
    PciDev device(int sid) {
        PciDev dev = unprobed(sid);
        if (dev.add().failed()) {
            throw new IllegalStateException(dev + " does not probe");
        }
        devices.put(sid, dev);
        return dev;
    }

    PciDev unprobed(int sid) {
        AtsFunction function = new AtsFunction(hw.trace);
        functions.put(sid, function);
        return new PciDev(core, new Bdf(sid), function, new Fwspec(smmu, List.of(sid), "unit " + sid));
    }

    /** One domain for all of the devices, in place of their own. */
    SmmuDomain share(PciDev... devs) {
        SmmuDomain domain = (SmmuDomain) smmu.allocPaging(devs[0]);
        for (PciDev dev : devs) {
            if (dev.group().replace(domain).failed()) {
                throw new IllegalStateException(dev + " is refused");
            }
        }
        return domain;
    }

    SmmuDomain domain(PciDev dev) {
        try (Held _ = dev.group().mutex().lock()) {
            return (SmmuDomain) dev.group().domain();
        }
    }

    /** As the core does it, without the core. */
    Errno attach(PciDev dev, Domain next, Domain old) {
        return smmu.attach(next, dev, old);
    }

    static Master master(PciDev dev) {
        return SmmuDevice.master(dev);
    }

    FenceState fence(PciDev dev) {
        try (Held _ = master(dev).steLock().irqsave()) {
            return master(dev).fence();
        }
    }

    /** The hardware has just used the entries of these streams. */
    void warm(int... sids) {
        for (int sid : sids) {
            hw.use(sid);
        }
    }

    List<String> printed() {
        return entries(KernelEntry.Printk.class).stream().map(KernelEntry.Printk::line).toList();
    }

    /** What no correct driver ever makes the kernel say. */
    List<Entry> complaints() {
        return log.stream().filter(e -> e instanceof KernelEntry.BrokenContext
                || e instanceof KernelEntry.UseAfterFree || e instanceof KernelEntry.Warned).toList();
    }

    <E extends Entry> List<E> entries(Class<E> type) {
        return log.stream().filter(type::isInstance).map(type::cast).toList();
    }

    List<Integer> fenced() {
        return entries(IommuEntry.Fenced.class).stream().map(IommuEntry.Fenced::sid).toList();
    }

    List<Integer> muted() {
        return entries(IommuEntry.Muted.class).stream().map(IommuEntry.Muted::sid).toList();
    }

    /** Forgets what was said and executed so far. */
    void quiet() {
        log.clear();
        hw.forgetTrace();
        hw.writes.clear();
    }

    void run(Chance chance, Runnable program) {
        Interleaved.run(machine, chance, program);
    }

    /** Each time a new rig, wired by {@code program}, under a random schedule. */
    static void random(int runs, Supplier<Rig> rig, Consumer<Rig> program, Consumer<Rig> check) {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < runs; i++) {
            Rig one = rig.get();
            SplittableRandom dice = random.split();
            one.run((n, why) -> dice.nextInt(n), () -> program.accept(one));
            check.accept(one);
        }
    }
}
