// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import lazaret.kernel.KernelEntry.BrokenContext;
import lazaret.machine.Access;
import lazaret.machine.Alarm;
import lazaret.machine.Machine;
import lazaret.machine.Word;

/** A kernel timer: when it expires its function runs in a soft interrupt on its CPU. Part of the wiring. */
public final class KTimer {
    private final Kernel kernel;
    private final Tracked map;
    private final Cpu cpu;
    private final String name;
    private final Runnable function;
    private final Alarm alarm;
    private final Word running;

    public KTimer(Kernel kernel, String name, Cpu cpu, Runnable function) {
        this.kernel = kernel;
        this.cpu = cpu;
        this.name = name;
        this.function = function;
        map = new Tracked(kernel, "timer " + name);
        Machine machine = kernel.machine();
        alarm = machine.clock().alarm(name);
        running = new Word(machine.undo());
        machine.add(new Dispatcher("timer " + name, cpu.name(), true, this::ready, this::expire));
    }

    /**
     * Expires {@code us} from now; replaces an earlier expiry. True if there was one.
     *
     * @kernel mod_timer
     */
    public boolean arm(long us) {
        kernel.point(Access.UPDATE, map.id);
        boolean was = alarm.armed();
        alarm.arm(us);
        return was;
    }

    public boolean armed() {
        return alarm.armed();
    }

    /**
     * It will not expire, but may be running. True if it was armed.
     *
     * @kernel timer_delete
     */
    public boolean cancel() {
        kernel.point(Access.UPDATE, map.id);
        boolean was = alarm.armed();
        alarm.cancel();
        return was;
    }

    /**
     * Afterwards it is neither armed nor running. Spins; not for interrupt handlers.
     *
     * @kernel timer_delete_sync
     */
    public boolean cancelSync() {
        Context context = kernel.context();
        boolean was = cancel();
        if (context.kind != Context.Kind.TASK) {
            kernel.broken(BrokenContext.SELF_WAIT, map.name + " cancelled by " + context.name);
            return was;
        }
        map.wouldWait(context);
        if (running.test()) {
            kernel.waitForSoftware(() -> !running.test());
            alarm.cancel();                             // it may have armed itself again
        }
        return was;
    }

    private boolean ready() {
        return alarm.due() && cpu.takesSoftirqs();
    }

    private void expire() {
        alarm.cancel();
        running.set(true);
        cpu.softirq(name, this::run);
    }

    private void run() {
        Context context = kernel.context();
        context.push(map, false);
        function.run();
        context.pop(map, false);
        running.set(false);
    }
}
