// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

/**
 * An edge-triggered interrupt: hardware pulses it, the interrupt controller takes it once. Pulses before that
 * coalesce.
 */
public final class Irq {
    private final String name;
    private final Word pending;

    public Irq(Undo undo, String name) {
        this.name = name;
        pending = new Word(undo);
    }

    public String name() {
        return name;
    }

    public void pulse() {
        pending.set(1);
    }

    public boolean pending() {
        return pending.test();
    }

    /** Takes the interrupt: it is no longer pending. */
    public void take() {
        pending.set(0);
    }
}
