// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.List;
import java.util.function.Consumer;
import lazaret.explore.Ending;
import lazaret.kernel.KernelEntry;
import lazaret.machine.Entry;
import lazaret.machine.Machine;
import lazaret.machine.Words;
import lazaret.smmuv3.hw.SmmuEntry;

/**
 * P12. Between two executions of a slot software stores each of its two words once, the hardware fetches the
 * slot with both of them, and at rest nothing waits to be fetched. A slot at which the queue stopped may be
 * written again, or not, before it is fetched again.
 */
final class QueueIntegrity implements Watch {
    /** No queue of a stage is longer. */
    private static final int SLOTS = 1 << 10;
    private static final int WHOLE = 3;
    private static final int STOPPED = 4;

    private final Hardware hardware;
    private final Consumer<Violation> report;
    /** By slot: a bit for each word stored since it was fetched, or {@link #STOPPED}. */
    private final Words slots;
    private final Guilt guilt;

    QueueIntegrity(Machine machine, Hardware hardware, Guilt guilt, Consumer<Violation> report) {
        this.hardware = hardware;
        this.report = report;
        slots = new Words(machine.undo(), SLOTS);
        this.guilt = guilt;
    }

    @Override
    public List<Ear<?>> ears() {
        return List.of(Ear.of(SmmuEntry.Fetched.class, this::fetched),
                Ear.of(SmmuEntry.CmdqError.class,
                        e -> slots.set(e.cons() & hardware.cmdqSize() - 1, STOPPED)));
    }

    /** One of the two words of a slot was stored. */
    void stored(int slot, KernelEntry.Stored store) {
        int word = 1 << (store.pa() >>> 3 & 1);
        long state = slots.get(slot);
        if (state != STOPPED) {
            if ((state & word) != 0) {
                broken(slot, "it was written again before it was executed", store);
            }
            slots.set(slot, state | word);
        }
    }

    private void fetched(SmmuEntry.Fetched f) {
        int slot = f.index() & hardware.cmdqSize() - 1;
        long state = slots.get(slot);
        if (state < WHOLE) {
            broken(slot, state == 0 ? "it was executed again" : "it was executed half written", f);
        }
        slots.set(slot, 0);
    }

    @Override
    public void end(Ending ending) {
        if (ending instanceof Ending.Rest && !guilt.halted()) {
            int size = hardware.cmdqSize();
            for (int slot = 0; slot < size; slot++) {
                if (slots.get(slot) != 0 && slots.get(slot) != STOPPED) {
                    broken(slot, "it was written and never executed", null);
                }
            }
        }
    }

    private void broken(int slot, String what, Entry entry) {
        report.accept(new Violation(Property.P12, "command queue slot " + slot, what, null, entry));
    }
}
