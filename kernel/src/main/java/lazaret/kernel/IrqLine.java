// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import lazaret.machine.Irq;
import lazaret.machine.Log;
import lazaret.machine.Machine;
import lazaret.machine.Ref;

/**
 * An interrupt and who handles it on which CPU. It is taken when it is pending and that CPU has interrupts
 * on and handles no other; the handler then runs on top of whatever ran there, which goes on after it.
 */
public final class IrqLine {
    private final Irq irq;
    private final Cpu cpu;
    private final String name;
    private final Ref<Runnable> handler;

    IrqLine(Irq irq, Cpu cpu, String name) {
        this.irq = irq;
        this.cpu = cpu;
        this.name = name;
        Machine machine = cpu.kernel.machine();
        handler = new Ref<>(machine.undo(), null);
        machine.add(new Dispatcher("irq " + name, cpu.name(), true, this::deliverable, this::deliver));
    }

    /**
     * From now on nobody handles it; pulses stay pending.
     *
     * @kernel free_irq
     */
    public void free() {
        handler.set(null);
    }

    boolean serves(Irq other, Cpu where) {
        return irq == other && cpu == where;
    }

    void request(Runnable next) {
        if (handler.get() != null) {
            throw new IllegalStateException("interrupt " + name + " has a handler");
        }
        handler.set(next);
    }

    /** Will it be handled as soon as its CPU lets it? */
    boolean isRaised() {
        return irq.pending() && handler.get() != null;
    }

    private boolean deliverable() {
        return isRaised() && cpu.takesIrqs();
    }

    private void deliver() {
        irq.take();
        Log log = cpu.kernel.machine().log();
        if (log.narrates()) {
            log.add(new KernelEntry.IrqTaken(name));
        }
        cpu.hardirq(name, handler.get());
    }
}
