// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import lazaret.iommu.Domain;
import lazaret.iommu.Fwspec;
import lazaret.iommu.Iommu;
import lazaret.iommu.Mm;
import lazaret.iommu.Reporting;
import lazaret.iommu.arm.SmmuDesign;
import lazaret.iommu.arm.SmmuDevice;
import lazaret.iommu.pci.PciReset;
import lazaret.iommu.pci.PciTree;
import lazaret.kernel.Cpu;
import lazaret.kernel.Errno;
import lazaret.kernel.Forgets;
import lazaret.kernel.Kernel;
import lazaret.kernel.Level;
import lazaret.kernel.LockOrder;
import lazaret.kernel.Softirq;
import lazaret.kernel.Workqueue;
import lazaret.lab.oracle.Hardware;
import lazaret.lab.oracle.Property;
import lazaret.lab.story.AddressMap;
import lazaret.lab.story.Moment;
import lazaret.machine.Alone;
import lazaret.machine.Condition;
import lazaret.machine.Frame;
import lazaret.machine.Machine;
import lazaret.machine.Unmodelled;
import lazaret.pcie.Bdf;

/**
 * What a scenario builds its stage with: endpoints, domains and actors on one machine with one SMMU.
 * Everything is wired and booted as it is said, in order; actors and DMA start with the run.
 */
public final class Lab {
    private static final String IRQ_CPU = "cpu1";
    private static final String WORKER_CPU = "cpu2";

    private record Actor(Cpu cpu, String name, Runnable body) { }

    private final Machine machine = new Machine();
    private final Kernel kernel = new Kernel(machine);
    private final SmmuDesign design;
    private final Chip.Maker chips;
    private final Iommu core;
    private final PciReset reset;
    private final PciTree tree;
    private final List<Cpu> cpus = new ArrayList<>();
    private final List<Actor> actors = new ArrayList<>();
    private final List<Softirq> softirqs = new ArrayList<>();
    private final List<Slot> slots = new ArrayList<>();
    private final Map<Property, String> beyond = new EnumMap<>(Property.class);
    private final Silicon silicon = new Silicon(machine);
    private final Plug plug = new Plug(this, silicon);
    private final Wiring wiring = new Wiring();
    private SmmuDevice driver;
    private boolean freezes;
    private int buffered;
    private int failing;
    /** Null: the stage was wired. */
    private NoBoot noBoot;

    Lab(SmmuDesign design, Chip.Maker chips) {
        this.design = design;
        this.chips = chips;
        core = design.reporting() == Reporting.NONE ? new Iommu(kernel, design)
                : new Iommu(kernel, design, new Workqueue(kernel, "iommu", cpu(WORKER_CPU)));
        reset = new PciReset(core);
        tree = new PciTree(core);
    }

    // ---- the SMMU; before the first endpoint

    /** How long the root waits for the answer to an ATC invalidation, in microseconds. */
    public long atcTimeoutUs() {
        return wiring.atcTimeoutUs;
    }

    /** Lets the root wait for another time. */
    public void atcTimeoutUs(long us) {
        unpowered();
        wiring.atcTimeoutUs = us;
    }

    /** How many commands, besides their SYNC, the driver puts into the queue at once. */
    public void commandsAtOnce(int commands) {
        unpowered();
        wiring.chunk = commands;
    }

    /** Devices get PASIDs of so many bits. */
    public void pasids(int bits) {
        unpowered();
        wiring.pasidBits = bits;
    }

    /**
     * Devices with PASIDs may ask for pages that are not there; 2<sup>{@code log2}</sup> requests are queued.
     */
    public void pageRequests(int log2) {
        unpowered();
        wiring.requestsLog2 = log2;
    }

    /** The command queue has 2<sup>{@code log2}</sup> slots. */
    public void commandQueueHolds(int log2) {
        unpowered();
        wiring.slotsLog2 = log2;
    }

    /**
     * Up to {@code stores} stores of each CPU may be on their way to memory or to a device at once, and
     * arrive in another order, unless something orders them. Boot has none of that.
     */
    public void storeBuffers(int stores) {
        buffered = stores;
    }

    /** Of the calls that could fail in a run, allocations and callbacks, the {@code nth} does, from 1. */
    public void failNth(int nth) {
        failing = nth;
    }

    /** The error interrupt is not wired, as on boards that forgot it: whoever waits for a SYNC looks. */
    public void errorInterruptMissing() {
        unpowered();
        wiring.polled = true;
    }

    /** This kernel starts after another one crashed: a device is attached when its driver first maps. */
    public void startsAfterCrash() {
        unpowered();
        wiring.afterCrash = true;
    }

    /** The command queue takes nothing more from the start of the run, and raises no error. */
    public void commandQueueFreezes() {
        freezes = true;
    }

    // ---- the machine

    /**
     * A healthy endpoint with ATS behind the SMMU, alone in its group, probed and on its default domain.
     *
     * @param name a word for people, also its lane
     * @param bdf  {@code 01:00.0}; its stream id is its requester id
     */
    public Fn endpoint(String name, String bdf) {
        return endpoint(name, bdf, bdf, null, List.of());
    }

    /** The same, with a page that firmware reserved for it. */
    public Fn endpointWithReserved(String name, String bdf) {
        var region = new Fwspec.Region(page("firmware of " + name), Frame.SIZE);
        return endpoint(name, bdf, bdf, null, List.of(region));
    }

    /** The same, one that works with ATS only; where it has no PASID its addresses are physical ones. */
    public Fn identityEndpoint(String name, String bdf) {
        powerOn();
        return plug.demanding(name, bdf, driver);
    }

    /** The same, with room for a virtual function beside it. */
    public Fn physicalFunction(String name, String bdf) {
        powerOn();
        return plug.physical(name, bdf, driver);
    }

    /** That virtual function: there, alone in its group, with a driver that takes it whenever it comes. */
    public Fn virtualFunction(String name, String bdf, Fn of) {
        return plug.virtual(name, bdf, driver, of);
    }

    /** The same in the group of another one, from which nothing keeps it apart. */
    public Fn sibling(String name, String bdf, Fn of) {
        return endpoint(name, bdf, of.dev().fwspec().unit(), null, List.of());
    }

    /**
     * A root port with a slot and a link, to put endpoints into.
     *
     * @param name a word for people, also its lane
     * @param bus  the bus below
     */
    public Slot slot(String name, int bus) {
        powerOn();
        var slot = new Slot(this, name, bus);
        slots.add(slot);
        return slot;
    }

    Fn endpoint(String name, String bdf, String unit, Slot slot, List<Fwspec.Region> direct) {
        powerOn();
        Fwspec fwspec = new Fwspec(driver, List.of(Bdf.parse(bdf).rid()), unit, direct);
        return plug.function(name, bdf, fwspec, slot);
    }

    /** A new domain, attached to the groups of all of {@code devices}. */
    public Space domain(Fn... devices) {
        if (plug.functions().isEmpty()) {
            throw new IllegalStateException("a domain needs an endpoint first");
        }
        Fn first = devices.length > 0 ? devices[0] : plug.functions().getFirst();
        Domain.Paging domain = core.pagingDomainAlloc(first.dev());
        var space = new Space(this, domain);
        for (Fn device : devices) {
            must(device.attach(space), "attach " + device.name());
        }
        return space;
    }

    /** A new domain, attached to that PASID of the groups of all of {@code devices}, at least one. */
    public Space domain(int pasid, Fn... devices) {
        var space = new Space(this, core.pagingDomainAlloc(devices[0].dev()));
        for (Fn device : devices) {
            must(device.attach(space, pasid), "attach PASID " + pasid + " of " + device.name());
        }
        return space;
    }

    /** A process without pages, and without devices. */
    public Process process(String name) {
        powerOn();
        return new Process(this, new Mm(core, name, driver.processTables(name)));
    }

    /** Software that runs on a CPU of its own (or shares the one of that name), from the start of the run. */
    public void cpu(String name, Runnable body) {
        actors.add(new Actor(cpu(name), name + " task " + actors.size(), body));
    }

    /**
     * A soft interrupt, once, at any moment of the run at which {@code cpu} takes it: a network card's poll
     * function, say, that unmaps what came in. It must not sleep.
     *
     * @param cpu has to be that of an actor
     */
    public void softirq(String cpu, String name, Runnable body) {
        softirqs.add(new Softirq(kernel, name, cpu(cpu), body));
    }

    /**
     * Says that no design can uphold the property here, and why. A run that breaks it still is a finding, an
     * expected one.
     */
    public void beyond(Property property, String why) {
        beyond.put(property, why);
    }

    /** As {@link #beyond}, for designs that do nothing when the command queue stands still. */
    public void beyondWithoutEscalation(Property property, String why) {
        if (!design.escalates()) {
            beyond(property, why);
        }
    }

    /** As {@link #beyond}, in runs in which a call fails: see {@link #failNth}. */
    public void beyondWhenACallFails(Property property, String why) {
        if (failing > 0) {
            beyond(property, why);
        }
    }

    // ---- what actors do besides

    /** A page from the allocator. @param owner a word for people */
    public long page(String owner) {
        return kernel.pages().alloc(owner);
    }

    public void free(long pa) {
        kernel.pages().free(pa);
    }

    /** The CPU stores a word at {@code pa}. */
    public void write(long pa, long value) {
        kernel.memory().store(pa, value);
    }

    /** The CPU loads the word at {@code pa}. */
    public long read(long pa) {
        return kernel.memory().load(pa);
    }

    /** The actor sleeps until every interrupt that was raised is handled, and every RCU callback has run. */
    public void quiesce() {
        kernel.quiesce();
    }

    /** The actor sleeps for {@code us} microseconds of virtual time: others get round to what they want. */
    public void sleep(long us) {
        kernel.msleep(us);
    }

    /** The command queue takes nothing more, and raises no error. */
    public void commandQueueStops() {
        silicon.chip().freeze();
    }

    /** In a run: the SMMU fails for good, and says so. Transactions end, no queue is touched any more. */
    public void smmuFails() {
        silicon.chip().fail();
    }

    /** It does again. */
    public void commandQueueGoesOn() {
        silicon.chip().thaw();
    }

    /**
     * What must be so at this point of the scenario; a finding (P7) if it is not, unless a call has failed
     * that the scenario relies on: see {@link #failNth}.
     */
    public void check(boolean holds, String what) {
        kernel.warnOn(!holds && !kernel.faults().happened(), "the scenario expected: " + what);
    }

    /** Writes into the kernel log how something ended that may end either way. */
    public void note(String what, Errno how) {
        kernel.printk(Level.INFO, what + ": " + how);
    }

    /** The scenario is wrong. Ends the run: callers write {@code throw lab.misuse(…)}. */
    RuntimeException misuse(String what) {
        throw machine.strands().broken(new Misuse(what));
    }

    // ---- for the stage

    /** Of what an actor does it learns the result alone. */
    Forgets forgets() {
        return kernel.forgets();
    }

    Machine machine() {
        return machine;
    }

    Kernel kernel() {
        return kernel;
    }

    Iommu core() {
        return core;
    }

    PciReset reset() {
        return reset;
    }

    PciTree tree() {
        return tree;
    }

    /** Where interrupts are handled. */
    Cpu irqCpu() {
        return cpu(IRQ_CPU);
    }

    LockOrder lockOrder() {
        return kernel.lockOrder();
    }

    Hardware hardware() {
        return silicon;
    }

    Look look(List<Moment> moments) {
        return new Look(machine, silicon, plug.functions().stream().map(Fn::endpoint).toList(), moments);
    }

    AddressMap map() {
        return new StageMap(machine.ram(), silicon);
    }

    List<String> lanes() {
        var lanes = new ArrayList<String>();
        cpus.forEach(c -> lanes.add(c.name()));
        lanes.sort(null);
        plug.functions().forEach(f -> lanes.add(f.name()));
        slots.forEach(s -> lanes.add(s.name()));
        lanes.add("smmu");
        return lanes;
    }

    Map<Property, String> beyond() {
        return Collections.unmodifiableMap(beyond);
    }

    /** Wiring is over: ATCs are filled, faults begin. */
    void ready() {
        plug.functions().forEach(Fn::warmUp);
        new Alone(machine).settle();
        plug.functions().forEach(Fn::breakDown);
        if (buffered > 0) {
            kernel.storeBuffers(buffered);
        }
        if (driver != null) {
            silicon.chip().mark();
        }
        silicon.runs((int) actors.stream().map(Actor::cpu).distinct().count());
    }

    /** The machine is back where its wiring was over; so shall be what is not in its cells. */
    void rewind() {
        if (driver != null) {
            silicon.chip().rewind();
        }
    }

    /** @throws Unmodelled where the SMMU has no ATS; {@code what} says for what it is needed */
    void needsAts(String what) {
        if (driver != null && !silicon.chip().hasAts()) {
            throw machine.strands().broken(new Unmodelled("ATS on this SMMU: " + what));
        }
    }

    /** This escaped from the stack while the stage was wired: all that a run of it shows. */
    void doesNotBoot(Throwable escaped) {
        noBoot = new NoBoot(machine, escaped);
    }

    /** The run starts. */
    void start() {
        if (noBoot != null) {
            machine.strands().start("boot", IRQ_CPU, Condition.ALWAYS, noBoot);
            return;
        }
        if (failing > 0) {
            kernel.faults().failNth(failing);
        }
        if (freezes) {
            silicon.chip().freeze();
        }
        plug.functions().forEach(Fn::go);
        for (Actor actor : actors) {
            actor.cpu().start(actor.name(), actor.body());
        }
        softirqs.forEach(Softirq::raise);
    }

    /** After a run: did the call fail that should? */
    boolean faulted() {
        return failing > 0 && kernel.faults().count() >= failing;
    }

    /** After a run: the device with this stream is made well, and an operator resets it. */
    Errno repair(int sid) {
        kernel.faults().neverFail();
        silicon.chip().thaw();
        Fn fn = plug.functions().stream().filter(f -> f.dev().bdf().rid() == sid).findFirst().orElseThrow();
        return fn.repaired();
    }

    private Cpu cpu(String name) {
        return cpus.stream().filter(cpu -> cpu.name().equals(name)).findFirst().orElseGet(() -> {
            cpus.add(kernel.cpu(name));
            return cpus.getLast();
        });
    }

    private void powerOn() {
        if (driver != null) {
            return;
        }
        Chip smmu = chips.make(machine, wiring.atcTimeoutUs);
        silicon.is(smmu);
        String lacks = wiring.lacks(smmu);
        if (lacks != null) {
            throw machine.strands().broken(new Unmodelled(lacks + " on this SMMU"));
        }
        if (wiring.requestsLog2 > 0) {
            core.handlesRequests(new Workqueue(kernel, "iopf", cpu(WORKER_CPU)));
        }
        driver = new SmmuDevice(kernel, design, wiring.setup(smmu, irqCpu()));
        must(driver.probe(), "probe the SMMU");
    }

    private void unpowered() {
        if (driver != null) {
            throw new IllegalStateException("the SMMU is on already: say what it is like before the first "
                    + "endpoint");
        }
    }

    static void must(Errno err, String what) {
        if (err.failed()) {
            throw new IllegalStateException(what + ": " + err);
        }
    }
}
