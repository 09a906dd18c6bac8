// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import lazaret.machine.Machine;
import lazaret.machine.Word;

/**
 * A soft interrupt that something outside causes, a packet that comes in, say: once raised it runs at any
 * later moment at which its CPU takes it. Nobody promises when, so time may pass first. Part of the wiring.
 */
public final class Softirq {
    private final Word raised;

    public Softirq(Kernel kernel, String name, Cpu cpu, Runnable handler) {
        Machine machine = kernel.machine();
        raised = new Word(machine.undo());
        machine.add(new Dispatcher("softirq " + name, cpu.name(), false,
                () -> raised.test() && cpu.takesSoftirqs(), () -> {
                    raised.set(false);
                    cpu.softirq(name, handler);
                }));
    }

    /** @kernel raise_softirq */
    public void raise() {
        raised.set(true);
    }
}
