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

    /** {@code mod_timer}: expires {@code us} from now; replaces an earlier expiry. True if there was one. */
    public boolean arm(long us) {
        kernel.point(Access.UPDATE, map.id);
        boolean was = alarm.armed();
        alarm.arm(us);
        return was;
    }

    public boolean armed() {
        return alarm.armed();
    }

    /** {@code timer_delete}: it will not expire, but may be running. True if it was armed. */
    public boolean cancel() {
        kernel.point(Access.UPDATE, map.id);
        boolean was = alarm.armed();
        alarm.cancel();
        return was;
    }

    /** {@code timer_delete_sync}: afterwards it is neither armed nor running. Spins; not for interrupt handlers. */
    public boolean cancelSync() {
        Context context = kernel.context();
        boolean was = cancel();
        if (context.kind != Context.Kind.TASK) {
            kernel.broken(BrokenContext.SELF_WAIT, map.name + " cancelled by " + context.name);
            return was;
        }
        map.wouldWait(context);
        while (running.test() || alarm.armed()) {       // it may have armed itself again
            kernel.waitForSoftware(() -> !running.test());
            alarm.cancel();
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
