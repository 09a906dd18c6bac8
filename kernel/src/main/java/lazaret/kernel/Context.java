// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import lazaret.kernel.KernelEntry.BrokenContext;
import lazaret.machine.Alarm;
import lazaret.machine.Condition;
import lazaret.machine.Ref;
import lazaret.machine.Undo;
import lazaret.machine.Word;

/**
 * In what circumstances code runs: as a task or as an interrupt, how often preemption and interrupts are
 * disabled, in how many RCU sections, with which locks held. One per task; a CPU's interrupt contexts are
 * used again and again.
 *
 * @req R127
 */
final class Context implements Condition {
    enum Kind { TASK, SOFTIRQ, HARDIRQ }

    /** One lock held, on top of those taken before. */
    record Hold(Tracked lock, boolean shared, Hold below) { }

    static final long PREEMPT = 1;
    /** Soft interrupts stay pending on this CPU; nobody preempts either. */
    static final long BH_OFF = 1L << 10;
    static final long IRQS_OFF = 1L << 20;
    static final long RCU = 1L << 40;
    /** Preemption or interrupts disabled: nothing but interrupts takes this CPU from the task. */
    private static final long PINNING = RCU - 1;
    private static final long FIELD = (1L << 20) - 1;

    final Kernel kernel;
    final Cpu cpu;
    final Kind kind;
    final String name;
    private final Word counts;
    private final Word offSince;
    private final Ref<Hold> holds;
    private final Ref<Work> work;
    /** For its waits with a limit; interrupts, which seldom wait, have none before the first. */
    private final Ref<Alarm> alarm;

    Context(Cpu cpu, Kind kind, String name) {
        this.kernel = cpu.kernel;
        this.cpu = cpu;
        this.kind = kind;
        this.name = name;
        Undo undo = kernel.machine().undo();
        counts = new Word(undo);
        offSince = new Word(undo);
        holds = new Ref<>(undo, null);
        work = new Ref<>(undo, null);
        alarm = new Ref<>(undo, kind == Kind.TASK ? waitAlarm() : null);
    }

    /** The body returned: nothing may be held any more. */
    void end() {
        if (holds.get() != null) {
            kernel.broken(BrokenContext.LEFT_HELD, holds.get().lock().name + " by " + name);
        } else if (counts.test()) {
            kernel.broken(BrokenContext.LEFT_HELD, where() + " by " + name);
        }
        holds.set(null);
        counts.set(0);
        cpu.unpin(this);
    }

    /** Adds to {@link #PREEMPT}, {@link #IRQS_OFF}, {@link #RCU}, or several of them at once. */
    void enter(long what) {
        boolean were = irqsOff();
        counts.add(what);
        if (!were && kernel.limitsIrqsOff() && irqsOff()) {
            offSince.set(kernel.machine().clock().now());
        }
        if (kind == Kind.TASK && (what & PINNING) != 0) {
            cpu.pin(this);
        }
    }

    void leave(long what) {
        boolean were = irqsOff();
        counts.add(-what);
        if (were && kernel.limitsIrqsOff() && !irqsOff()) {
            kernel.irqsWereOff(kernel.machine().clock().now() - offSince.get(), name);
            offSince.set(0);
        }
        if (kind == Kind.TASK && (counts.get() & PINNING) == 0) {
            cpu.unpin(this);
        }
    }

    boolean irqsOff() {
        return (counts.get() >>> 20 & FIELD) != 0;
    }

    boolean bhOff() {
        return (counts.get() >>> 10 & BH_OFF - 1) != 0;
    }

    boolean inRcu() {
        return counts.get() >>> 40 != 0;
    }

    boolean holdsAnything() {
        return holds.get() != null || counts.test();
    }

    Hold held() {
        return holds.get();
    }

    void push(Tracked lock, boolean shared) {
        holds.set(new Hold(lock, shared, holds.get()));
    }

    /** Forgets the newest hold of {@code lock}; false if there is none. */
    boolean pop(Tracked lock, boolean shared) {
        Hold top = holds.get();
        if (top != null && top.lock() == lock && top.shared() == shared) {
            holds.set(top.below());
            return true;
        }
        if (!has(lock, shared)) {
            return false;
        }
        holds.set(without(top, lock, shared));
        return true;
    }

    boolean has(Tracked lock, boolean shared) {
        for (Hold hold = holds.get(); hold != null; hold = hold.below()) {
            if (hold.lock() == lock && hold.shared() == shared) {
                return true;
            }
        }
        return false;
    }

    private static Hold without(Hold from, Tracked lock, boolean shared) {
        return from.lock() == lock && from.shared() == shared
                ? from.below()
                : new Hold(from.lock(), from.shared(), without(from.below(), lock, shared));
    }

    /** Reports if sleeping is forbidden here. */
    void maySleep(String rule, String what) {
        if (!counts.test() && kind == Kind.TASK) {
            return;
        }
        boolean onlyRcu = kind == Kind.TASK && (counts.get() & PINNING) == 0;
        kernel.broken(onlyRcu && rule.equals(BrokenContext.SLEEP) ? BrokenContext.RCU_SLEEP : rule,
                what + " by " + name + ", " + where());
    }

    /**
     * An alarm that is not armed. Each context has one of its own, so that two who wait have nothing to do
     * with each other; boot, on whose stack others may wait too, takes another one when it has to.
     */
    Alarm alarm() {
        if (alarm.get() == null || alarm.get().armed()) {
            alarm.set(waitAlarm());
        }
        return alarm.get();
    }

    private Alarm waitAlarm() {
        return kernel.machine().clock().alarm("wait of " + name);
    }

    /** The work item being run, or null. */
    Work work() {
        return work.get();
    }

    void works(Work item) {
        work.set(item);
    }

    /** May this context's strand run, as far as its CPU is concerned? */
    @Override
    public boolean holds() {
        return switch (kind) {
            case HARDIRQ -> true;
            case SOFTIRQ -> !cpu.inHardirq();
            case TASK -> cpu.letsRun(this);
        };
    }

    private String where() {
        if (kind == Kind.HARDIRQ) {
            return "in a hard interrupt";
        }
        if (kind == Kind.SOFTIRQ) {
            return "in a soft interrupt";
        }
        String lock = holds.get() == null ? "" : ", holding " + holds.get().lock().name;
        if (irqsOff()) {
            return "with interrupts off" + lock;
        }
        return (inRcu() ? "in an RCU read section" : "with preemption off") + lock;
    }
}
