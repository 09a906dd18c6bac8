// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import lazaret.kernel.KernelEntry.BrokenContext;
import lazaret.machine.Access;
import lazaret.machine.Ref;
import lazaret.machine.Undo;
import lazaret.machine.Word;

/**
 * Something to be done later by the worker of a {@link Workqueue}, where sleeping is allowed. Never on two
 * at once.
 */
public final class Work {
    private final Kernel kernel;
    private final Tracked map;
    private final Runnable body;
    private final Ref<Workqueue> queue;
    private final Word ticket;
    private final Word runningTicket;
    private final Word pending;
    private final Word cancelling;

    /** @param name that of its class: waiting for any work of this name has one place in the lock order */
    public Work(Kernel kernel, String name, Runnable body) {
        this.kernel = kernel;
        this.body = body;
        map = new Tracked(kernel, "work " + name);
        Undo undo = kernel.machine().undo();
        queue = new Ref<>(undo, null);
        ticket = new Word(undo);
        runningTicket = new Word(undo);
        pending = new Word(undo);
        cancelling = new Word(undo);
    }

    public boolean pending() {
        return pending.test();
    }

    public boolean running() {
        return runningTicket.test();
    }

    /**
     * Sleeps until what was queued last has run.
     *
     * @kernel flush_work
     */
    public void flush() {
        Context context = kernel.context();
        context.maySleep(BrokenContext.SLEEP, "flush of " + map.name);
        kernel.point(Access.WAIT, map.id);
        long last = ticket.get();
        if (passed(last)) {
            map.wouldWait(context);
        } else if (queue.get().runsOn(context)) {
            kernel.broken(BrokenContext.SELF_WAIT, context.name + " flushes its own " + map.name);
        } else {
            map.wouldWait(context);
            kernel.waitForSoftware(() -> passed(last));
        }
    }

    /**
     * Afterwards it is neither queued nor running. Whatever it may wait for must not be held here.
     *
     * @kernel cancel_work_sync
     * @return was it queued?
     */
    public boolean cancelSync() {
        Context context = kernel.context();
        context.maySleep(BrokenContext.SLEEP, "cancelling " + map.name);
        kernel.point(Access.UPDATE, map.id);
        if (context.work() == this) {
            kernel.broken(BrokenContext.SELF_WAIT, map.name + " cancels itself");
            return false;
        }
        map.wouldWait(context);
        boolean was = pending.test();
        if (was) {
            pending.set(false);
            queue.get().drop(this);
        }
        if (running()) {
            cancelling.add(1);
            kernel.waitForSoftware(() -> !running());
            cancelling.add(-1);
        }
        return was;
    }

    boolean accept(Workqueue where) {
        if (pending.test() || cancelling.test()) {
            return false;
        }
        queue.set(where);
        pending.set(true);
        ticket.set(kernel.newTicket());
        return true;
    }

    void run(Context worker) {
        pending.set(false);
        runningTicket.set(ticket.get());
        worker.works(this);
        worker.push(map, false);
        body.run();
        worker.pop(map, false);
        worker.works(null);
        runningTicket.set(0);
    }

    long id() {
        return map.id;
    }

    long ticket() {
        return ticket.get();
    }

    long runningTicket() {
        return runningTicket.get();
    }

    private boolean passed(long last) {
        return !(pending.test() && ticket.get() <= last) && !(running() && runningTicket.get() <= last);
    }
}
