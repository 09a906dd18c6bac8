// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import lazaret.kernel.KernelEntry.BrokenContext;
import lazaret.machine.Access;
import lazaret.machine.Ref;
import lazaret.machine.Undo;
import lazaret.machine.Word;

/**
 * An ordered workqueue: one worker on one CPU runs {@link Work} in the order it was queued. The worker
 * exists only while there is work, so an idle queue keeps no run alive. Part of the wiring.
 *
 * <p>Where software runs inline ({@link lazaret.machine.Alone}), a worker would run on top of whoever waits
 * there and could never wait for a lock of his; so it starts only when nobody holds one, or when somebody
 * sleeps until software acts.
 */
public final class Workqueue {
    private final Kernel kernel;
    private final String name;
    private final Cpu cpu;
    private final long id;
    private final Tracked map;
    private final Context worker;
    private final Row<Work> items;
    private final Ref<Work> running;
    private final Word busy;
    private final Word starts;

    public Workqueue(Kernel kernel, String name, Cpu cpu) {
        this.kernel = kernel;
        this.name = name;
        this.cpu = cpu;
        map = new Tracked(kernel, "workqueue " + name);
        id = map.id;
        Undo undo = kernel.machine().undo();
        worker = new Context(cpu, Context.Kind.TASK, "worker " + name);
        cpu.adopt(worker);
        items = new Row<>(undo);
        running = new Ref<>(undo, null);
        busy = new Word(undo);
        starts = new Word(undo);
        kernel.machine().add(
                new Dispatcher("queue " + name, cpu.name(), false, this::ready, this::startWorker));
    }

    public String name() {
        return name;
    }

    /**
     * False if it is queued already, or being cancelled. Allowed everywhere.
     *
     * @kernel queue_work
     */
    public boolean queue(Work work) {
        kernel.point(Access.UPDATE, work.id());
        return kernel.forgets().test(() -> append(work));
    }

    private boolean append(Work work) {
        boolean accepted = work.accept(this);
        if (accepted) {
            items.add(work);
        }
        return accepted;
    }

    /**
     * Sleeps until everything queued so far has run.
     *
     * @kernel flush_workqueue
     */
    public void flush() {
        Context context = kernel.context();
        context.maySleep(BrokenContext.SLEEP, "flush of workqueue " + name);
        kernel.point(Access.WAIT, id);
        if (context == worker) {
            kernel.broken(BrokenContext.SELF_WAIT, context.name + " flushes its own queue");
            return;
        }
        map.wouldWait(context);
        long last = kernel.lastTicket();
        if (!passed(last)) {
            kernel.waitForSoftware(() -> passed(last));
        }
    }

    /** Is nothing queued and nothing running? */
    public boolean idle() {
        return items.isEmpty() && running.get() == null;
    }

    boolean runsOn(Context context) {
        return context == worker;
    }

    void drop(Work work) {
        items.remove(work);
    }

    private boolean passed(long ticket) {
        return (items.isEmpty() || items.get(0).ticket() > ticket)
                && (running.get() == null || running.get().runningTicket() > ticket);
    }

    private boolean ready() {
        return !busy.test() && !items.isEmpty() && cpu.letsRun(worker) && !kernel.nestsOnHolder();
    }

    private void startWorker() {
        busy.set(true);
        cpu.launch(worker, name + "#" + starts.add(1), this::work);
    }

    private void work() {
        while (!items.isEmpty()) {
            kernel.point(Access.UPDATE, id);
            if (items.isEmpty()) {
                break;                          // cancelled meanwhile
            }
            Work work = items.removeFirst();
            running.set(work);
            worker.push(map, false);
            work.run(worker);
            worker.pop(map, false);
            running.set(null);
        }
        worker.end();
        busy.set(false);
    }
}
