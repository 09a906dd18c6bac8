// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import lazaret.kernel.KernelEntry.BrokenContext;
import lazaret.machine.Access;
import lazaret.machine.Machine;
import lazaret.machine.Ref;
import lazaret.machine.Undo;
import lazaret.machine.Word;
import lazaret.machine.Words;

/**
 * Read-copy-update. Readers never wait; a grace period ends when every reader has left that was inside when
 * it began. Readers are counted by the generation in which they entered; a grace period begins a new
 * generation and waits for the older ones. Readers may be preempted, not sleep.
 */
public final class Rcu {
    /**
     * Generations told apart; beyond that many at once, a grace period may wait for more readers than it
     * must.
     */
    private static final int GENERATIONS = 16;
    private static final int CPUS = 8;

    /** What to run after a grace period: it has no hash of its own, so it stands in a cell of its own. */
    private record Callback(long generation, Ref<Runnable> body) { }

    private final Kernel kernel;
    private final long id;
    private final Word generation;
    /** Both counted for each CPU, so that readers have nothing to do with each other. */
    private final Words inside;
    private final Words readers;
    private final Row<Callback> callbacks;
    private final Cpu cpu;

    Rcu(Kernel kernel) {
        this.kernel = kernel;
        id = kernel.newId();
        Machine machine = kernel.machine();
        Undo undo = machine.undo();
        generation = new Word(undo);
        inside = new Words(undo, CPUS);
        readers = new Words(undo, CPUS * GENERATIONS);
        callbacks = new Row<>(undo);
        cpu = kernel.cpu("rcu");
        machine.add(new Dispatcher("rcu callbacks", "rcu", false, this::due, this::callBack));
    }

    /**
     * @kernel rcu_read_lock
     */
    public Held readLock() {
        Context context = kernel.context();
        kernel.open();
        kernel.point(Access.ACQUIRE, id);
        context.enter(Context.RCU);
        int slot = slot(generation.get());
        count(context.cpu, slot, 1);
        kernel.close(slot);
        return () -> readUnlock(context, slot);
    }

    private void readUnlock(Context reader, int slot) {
        Context context = kernel.context();
        kernel.open();
        kernel.machine().strands().point(Access.RELEASE, id);     // orders nothing
        if (context == reader && context.inRcu()) {
            context.leave(Context.RCU);
            count(context.cpu, slot, -1);
        } else {
            kernel.broken(BrokenContext.UNLOCK, "RCU read section by " + context.name);
        }
        kernel.close(0);
    }

    private void count(Cpu reader, int generationSlot, int more) {
        int own = reader.slot(CPUS);
        inside.set(own, inside.get(own) + more);
        int at = own * GENERATIONS + generationSlot;
        readers.set(at, readers.get(at) + more);
    }

    /**
     * Sleeps until every reader has left that is inside now.
     *
     * @kernel synchronize_rcu
     */
    public void synchronize() {
        Context context = kernel.context();
        context.maySleep(BrokenContext.SLEEP, "synchronize_rcu");
        kernel.point(Access.UPDATE, id);
        if (context.inRcu()) {
            kernel.broken(BrokenContext.SELF_WAIT, "synchronize_rcu in a read section of " + context.name);
            return;
        }
        long target = generation.add(1);
        if (!over(target)) {
            kernel.waitForSoftware(() -> over(target));
        }
    }

    /**
     * Runs {@code body} in a soft interrupt after a grace period. Allowed everywhere. A search tells bodies
     * apart by their contents: a lambda has none.
     *
     * @kernel call_rcu
     */
    public void call(Runnable body) {
        kernel.point(Access.UPDATE, id);
        var what = new Ref<>(kernel.machine().undo(), body);
        kernel.forgets().run(() -> callbacks.add(new Callback(generation.add(1), what)));
    }

    /**
     * Sleeps until no callback is left.
     *
     * @kernel rcu_barrier
     */
    public void barrier() {
        kernel.context().maySleep(BrokenContext.SLEEP, "rcu_barrier");
        kernel.waitForSoftware(this::isIdle);
    }

    boolean isIdle() {
        return callbacks.isEmpty() && !cpu.inSoftirq();
    }

    private boolean due() {
        return !callbacks.isEmpty() && over(callbacks.get(0).generation) && cpu.takesSoftirqs();
    }

    private void callBack() {
        Callback first = callbacks.removeFirst();
        cpu.softirq("rcu callback", first.body.get());
        first.body.set(null);       // what it was is history
    }

    /** Has every reader of a generation before {@code target} left? */
    private boolean over(long target) {
        for (int own = 0; own < CPUS; own++) {
            if (inside.get(own) != 0 && !over(own, target)) {
                return false;
            }
        }
        return true;
    }

    private boolean over(int own, long target) {
        for (long older = Math.max(0, target - GENERATIONS); older < target; older++) {
            if (readers.get(own * GENERATIONS + slot(older)) != 0) {
                return false;
            }
        }
        return true;
    }

    private static int slot(long generation) {
        return (int) generation & GENERATIONS - 1;
    }
}
