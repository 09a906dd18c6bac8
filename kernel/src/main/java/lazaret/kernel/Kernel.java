// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import lazaret.kernel.KernelEntry.BrokenContext;
import lazaret.kernel.KernelEntry.Printk;
import lazaret.kernel.KernelEntry.Warned;
import lazaret.machine.Access;
import lazaret.machine.Alarm;
import lazaret.machine.Alone;
import lazaret.machine.Condition;
import lazaret.machine.Irq;
import lazaret.machine.Log;
import lazaret.machine.Machine;
import lazaret.machine.Mmio;
import lazaret.machine.Strands;
import lazaret.machine.Word;

/**
 * The ground kernel code stands on in one machine: its CPUs, memory and registers as they see them,
 * waiting, allocating, complaining. It knows in which context the running code is; software that was not
 * started through a {@link Cpu} runs in the context {@code boot}, whose masks count on every CPU.
 */
public final class Kernel {
    private static final long OBJECT = 1L << 56;
    private static final long BARRIER = 2L << 56;
    private static final long WINDOW = 3L << 56;

    private final Machine machine;
    private final Log log;
    private final Word ids;
    private final Word tickets;
    private final Word waitingForSoftware;
    private final LockOrder lockOrder = new LockOrder();
    private final Row<Cpu> cpus;
    private final Row<IrqLine> lines;
    private final Word buffered;
    private final Context boot;
    private final Word irqsOffLimit;
    private final CpuMemory memory;
    private final Faults faults;
    private final Pages pages;
    private final Rcu rcu;
    private final Forgets forgets;

    public Kernel(Machine machine) {
        this.machine = machine;
        log = machine.log();
        ids = new Word(machine.undo());
        tickets = new Word(machine.undo());
        waitingForSoftware = new Word(machine.undo());
        cpus = new Row<>(machine.undo());
        lines = new Row<>(machine.undo());
        buffered = new Word(machine.undo());
        boot = new Context(cpu("boot"), Context.Kind.TASK, "boot");
        boot.cpu.adopt(boot);
        irqsOffLimit = new Word(machine.undo(), Long.MAX_VALUE);
        memory = new CpuMemory(this);
        faults = new Faults(this);
        pages = new Pages(this);
        rcu = new Rcu(this);
        forgets = new Forgets(machine.undo().trace());
    }

    public Machine machine() {
        return machine;
    }

    /**
     * Physical memory as CPUs see it: each access is a scheduling point, stores are facts, freed pages are
     * watched.
     */
    public CpuMemory memory() {
        return memory;
    }

    /** A device's registers as CPUs see them: each access is a scheduling point. Part of the wiring. */
    public Registers mmio(Mmio device) {
        return new Registers(this, device);
    }

    /** A new processor. Part of the wiring. */
    public Cpu cpu(String name) {
        Cpu cpu = new Cpu(this, name, cpus.size());
        cpus.add(cpu);
        return cpu;
    }

    public Pages pages() {
        return pages;
    }

    public Rcu rcu() {
        return rcu;
    }

    public LockOrder lockOrder() {
        return lockOrder;
    }

    /**
     * Lets {@code handler} handle {@code irq} on {@code cpu} from now on, until {@link IrqLine#free}.
     */
    public IrqLine requestIrq(Irq irq, Cpu cpu, String name, Runnable handler) {
        IrqLine line = line(irq, cpu, name);
        line.request(handler);
        return line;
    }

    private IrqLine line(Irq irq, Cpu cpu, String name) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).serves(irq, cpu)) {
                return lines.get(i);
            }
        }
        IrqLine line = new IrqLine(irq, cpu, name);
        lines.add(line);
        return line;
    }

    // Contexts

    /** The context of the running code. Its strand carries it, so finding it touches no shared state. */
    Context context() {
        return machine.strands().current().consent() instanceof Context context && context.kernel == this
                ? context : boot;
    }

    /**
     * Interrupts of this CPU stay pending until closed.
     *
     * @kernel local_irq_save
     */
    public Held irqSave() {
        return mask(Context.IRQS_OFF);
    }

    /**
     * No other task of this CPU runs until closed.
     *
     * @kernel preempt_disable
     */
    public Held preemptDisable() {
        return mask(Context.PREEMPT);
    }

    /**
     * No soft interrupt begins on this CPU, and no other task of it runs, until {@link #localBhEnable}.
     *
     * @kernel local_bh_disable
     */
    public void localBhDisable() {
        Context context = context();
        point(Access.ACQUIRE, context.cpu.id);
        context.enter(Context.BH_OFF);
    }

    /** @kernel local_bh_enable */
    public void localBhEnable() {
        Context context = context();
        machine.strands().point(Access.RELEASE, context.cpu.id);
        context.leave(Context.BH_OFF);
    }

    private Held mask(long what) {
        Context context = context();
        open();
        point(Access.ACQUIRE, context.cpu.id);
        context.enter(what);
        close(0);
        return () -> {
            open();
            machine.strands().point(Access.RELEASE, context.cpu.id);
            context.leave(what);
            close(0);
        };
    }

    public boolean inHardirq() {
        return context().kind == Context.Kind.HARDIRQ;
    }

    public boolean irqsOff() {
        return context().irqsOff() || inHardirq();
    }

    /**
     * Reports if the running code must not sleep.
     *
     * @kernel might_sleep
     */
    public void mightSleep(String what) {
        context().maySleep(BrokenContext.SLEEP, what);
    }

    /** From now on a stretch with interrupts off that lasts longer is reported. Unlimited unless set. */
    public void limitIrqsOff(long us) {
        irqsOffLimit.set(us);
    }

    boolean limitsIrqsOff() {
        return irqsOffLimit.get() != Long.MAX_VALUE;
    }

    void irqsWereOff(long us, String by) {
        if (us > irqsOffLimit.get()) {
            broken(BrokenContext.IRQS_OFF, us + " us by " + by);
        }
    }

    /** May this CPU be interrupted, apart from its own masks? */
    boolean lets(Cpu cpu) {
        if (boot.irqsOff()) {
            return false;
        }
        return !(machine.strands() instanceof Alone) || !anyIrqsOff();
    }

    /** Inline execution cannot wait for whoever is underneath: see {@link Workqueue}. */
    boolean nestsOnHolder() {
        if (machine.strands() instanceof Alone && !waitingForSoftware.test()) {
            for (int i = 0; i < cpus.size(); i++) {
                if (cpus.get(i).holdsAnything()) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean anyIrqsOff() {
        for (int i = 0; i < cpus.size(); i++) {
            if (cpus.get(i).irqsOff()) {
                return true;
            }
        }
        return false;
    }

    /** For code of which its caller keeps the result alone. */
    public Forgets forgets() {
        return forgets;
    }

    /** As {@link #forgets}, for a few lines: what follows until {@link #close} is forgotten. */
    void open() {
        machine.undo().trace().open();
    }

    /** @param result all that the caller learns, 0 for nothing */
    void close(long result) {
        machine.undo().trace().close(result);
    }

    // Store buffers

    /**
     * From now on up to {@code stores} stores of each CPU may be on their way to memory at once. The last
     * part of the wiring; boot has none.
     */
    public void storeBuffers(int stores) {
        for (int i = 0; i < cpus.size(); i++) {
            if (cpus.get(i) != boot.cpu) {
                cpus.get(i).buffers(stores);
            }
        }
        buffered.set(true);
    }

    /** Of the CPU that runs this, or null. */
    StoreBuffer storeBuffer() {
        return buffered.test() ? context().cpu.storeBuffer() : null;
    }

    /** All stores of this CPU so far reach memory and devices before it goes on. */
    void orderStores() {
        StoreBuffer buffer = storeBuffer();
        if (buffer != null) {
            forgets.run(buffer::drain);
        }
    }

    // Points and waiting

    long newId() {
        return OBJECT | ids.add(1);
    }

    /** For a window of registers: leaves 32 bits for the offset. */
    long newWindow() {
        return WINDOW | ids.add(1) << 32;
    }

    long newTicket() {
        return tickets.add(1);
    }

    long lastTicket() {
        return tickets.get();
    }

    void point(Access access, long resource) {
        machine.strands().point(access, resource);
        if (buffered.test() && (access == Access.RELEASE || access == Access.UPDATE)) {
            orderStores();
        }
    }

    /** A point before an update that orders nothing. */
    void relaxed(long resource) {
        machine.strands().point(Access.UPDATE, resource);
    }

    /** Waits without a check of the context: what is waited for may be spun on. */
    void spin(Condition condition) {
        machine.strands().await(condition);
    }

    /** Waits for what other software will do. */
    void waitForSoftware(Condition condition) {
        waitingForSoftware.add(1);
        spin(condition);
        waitingForSoftware.add(-1);
    }

    boolean pollSoftware(Condition condition, long timeoutUs) {
        waitingForSoftware.add(1);
        boolean held = poll(condition, timeoutUs);
        waitingForSoftware.add(-1);
        return held;
    }

    /**
     * Spins until {@code condition} holds; allowed everywhere.
     *
     * @param condition reads state without scheduling points: {@code peek} of a {@link Shared}, never
     *                  {@code readOnce}
     */
    public void await(Condition condition) {
        spin(condition);
    }

    /**
     * Sleeps until {@code condition} holds. Tasks only.
     *
     * @kernel wait_event
     */
    public void waitEvent(String what, Condition condition) {
        mightSleep(what);
        waitForSoftware(condition);
    }

    /**
     * Sleeps until all interrupts that were raised have been handled, and all callbacks of RCU have run. What
     * comes of them later, in work queues say, is not waited for.
     *
     * @kernel synchronize_irq, rcu_barrier
     */
    public void quiesce() {
        waitEvent("quiesce", this::isQuiet);
    }

    private boolean isQuiet() {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isRaised()) {
                return false;
            }
        }
        for (int i = 0; i < cpus.size(); i++) {
            if (cpus.get(i).inHardirq() || cpus.get(i).inSoftirq()) {
                return false;
            }
        }
        return rcu.isIdle();
    }

    /**
     * Spins until {@code condition} holds, at most {@code timeoutUs}.
     *
     * @kernel read_poll_timeout_atomic
     * @return did it hold? Looked at once more after the time is up.
     */
    public boolean poll(Condition condition, long timeoutUs) {
        return forgets.test(() -> pollOnce(condition, timeoutUs));
    }

    private boolean pollOnce(Condition condition, long timeoutUs) {
        Alarm alarm = context().alarm();
        alarm.armUnless(timeoutUs, condition);
        Strands strands = machine.strands();
        strands.await(() -> condition.holds() || alarm.due());
        alarm.cancel();
        return condition.holds();
    }

    /**
     * Spins for {@code us}.
     *
     * @kernel udelay
     */
    public void udelay(long us) {
        open();
        Alarm alarm = context().alarm();
        alarm.arm(us);
        spin(alarm::due);
        alarm.cancel();
        close(0);
    }

    /** Sleeps for {@code us} microseconds. Tasks only. */
    public void msleep(long us) {
        mightSleep("msleep");
        udelay(us);
    }

    /**
     * Somebody else might want to go on.
     *
     * @kernel cpu_relax
     */
    public void cpuRelax() {
        point(Access.YIELD, 0);
    }

    /**
     * All stores before it are seen before anything after it is read.
     *
     * @kernel smp_mb
     */
    public void smpMb() {
        point(Access.READ, BARRIER);
        orderStores();
    }

    /**
     * Devices see all stores before it before any after it.
     *
     * @kernel dma_wmb
     */
    public void dmaWmb() {
        point(Access.READ, BARRIER);
        orderStores();
    }

    // Allocating and complaining

    /** Which calls of a run fail that could; until told otherwise none does. */
    public Faults faults() {
        return faults;
    }

    /** May this allocation succeed? Checks the context; it fails only as {@link #faults} was told to. */
    public boolean alloc(Gfp gfp, String what) {
        return faults.succeeds(gfp, what);
    }

    public void printk(Level level, String line) {
        if (log.hears()) {
            log.add(new Printk(level, line));
        }
    }

    /** {@code WARN_ON}: reports if {@code condition}, and returns it. */
    public boolean warnOn(boolean condition, String why) {
        if (condition && log.hears()) {
            log.add(new Warned(why));
        }
        return condition;
    }

    /** Reports that code did what its context forbids. */
    public void broken(String rule, String what) {
        if (log.hears()) {
            log.add(new BrokenContext(rule, what));
        }
    }

    void requireHeld(Lock lock, boolean held) {
        if (!held) {
            broken(BrokenContext.NOT_HELD, lock.name() + " by " + context().name);
        }
    }
}
