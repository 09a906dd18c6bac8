// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import lazaret.machine.Ref;
import lazaret.machine.Strand;
import lazaret.machine.Strands;
import lazaret.machine.Undo;
import lazaret.machine.Word;

/**
 * A processor: tasks that share it, at most one soft and one hard interrupt on top of them. Tasks preempt
 * each other wherever preemption is on; none of them runs while an interrupt does. Part of the wiring.
 */
public final class Cpu {
    final Kernel kernel;
    final long id;
    private final String name;
    private final int number;
    private final Row<Context> tasks;
    private final Ref<Context> pinned;
    private final Context softContext;
    private final Context hardContext;
    private final Ref<Context> soft;
    private final Ref<Context> hard;
    private final Word interrupts;
    /** Null while stores reach memory at once. */
    private final Ref<StoreBuffer> storeBuffer;

    Cpu(Kernel kernel, String name, int number) {
        this.kernel = kernel;
        this.name = name;
        this.number = number;
        id = kernel.newId();
        Undo undo = kernel.machine().undo();
        tasks = new Row<>(undo);
        pinned = new Ref<>(undo, null);
        softContext = new Context(this, Context.Kind.SOFTIRQ, name + " soft interrupt");
        hardContext = new Context(this, Context.Kind.HARDIRQ, name + " hard interrupt");
        soft = new Ref<>(undo, null);
        hard = new Ref<>(undo, null);
        interrupts = new Word(undo);
        storeBuffer = new Ref<>(undo, null);
    }

    public String name() {
        return name;
    }

    /** Its place among {@code n} counters that CPUs have for themselves; beyond so many some share one. */
    int slot(int n) {
        return number % n;
    }

    /**
     * Starts a task here.
     *
     * @param task unique in the run
     */
    public Strand start(String task, Runnable body) {
        Context context = new Context(this, Context.Kind.TASK, task);
        tasks.add(context);
        return launch(context, task, () -> {
            body.run();
            context.end();
            tasks.remove(context);
        });
    }

    /** Starts the handler of a hard interrupt; only when {@link #takesIrqs}. */
    void hardirq(String line, Runnable handler) {
        interrupt(hard, hardContext, line, handler);
    }

    /** Starts a soft interrupt (a timer, an RCU callback); only when {@link #takesSoftirqs}. */
    void softirq(String why, Runnable handler) {
        interrupt(soft, softContext, why, handler);
    }

    private void interrupt(Ref<Context> level, Context context, String why, Runnable handler) {
        level.set(context);
        launch(context, why + "#" + interrupts.add(1), () -> {
            handler.run();
            context.end();
            level.set(null);
        });
    }

    Strand launch(Context context, String strand, Runnable body) {
        Strands strands = kernel.machine().strands();
        return strands.start(strand, name, context, body);
    }

    /** Part of the wiring. */
    void buffers(int stores) {
        storeBuffer.set(new StoreBuffer(kernel, this, stores));
        kernel.machine().add(storeBuffer.get());
    }

    StoreBuffer storeBuffer() {
        return storeBuffer.get();
    }

    boolean inHardirq() {
        return hard.get() != null;
    }

    boolean takesIrqs() {
        return hard.get() == null && !irqsOff() && kernel.lets(this);
    }

    boolean takesSoftirqs() {
        return soft.get() == null && takesIrqs() && !bhOff();
    }

    private boolean bhOff() {
        for (int i = 0; i < tasks.size(); i++) {
            if (tasks.get(i).bhOff()) {
                return true;
            }
        }
        return false;
    }

    boolean inSoftirq() {
        return soft.get() != null;
    }

    /** Are interrupts off here, by a task or a soft interrupt? */
    boolean irqsOff() {
        if (soft.get() != null && softContext.irqsOff()) {
            return true;
        }
        for (int i = 0; i < tasks.size(); i++) {
            if (tasks.get(i).irqsOff()) {
                return true;
            }
        }
        return false;
    }

    /** May this task run? Not under an interrupt, and not while another one forbids preemption. */
    boolean letsRun(Context task) {
        Context only = pinned.get();
        return (only == null || only == task) && hard.get() == null && soft.get() == null;
    }

    /** {@code task}, which runs here, forbids preemption from now on. */
    void pin(Context task) {
        pinned.set(task);
    }

    void unpin(Context task) {
        if (pinned.get() == task) {
            pinned.set(null);
        }
    }

    /** Does anything that runs or waits here hold a lock or a mask? */
    boolean holdsAnything() {
        boolean some = softContext.holdsAnything() || hard.get() != null;
        for (int i = 0; i < tasks.size() && !some; i++) {
            some = tasks.get(i).holdsAnything();
        }
        return some;
    }

    /** Puts a context that lasts (the boot context, a worker's) among the tasks. */
    void adopt(Context context) {
        tasks.add(context);
    }
}
