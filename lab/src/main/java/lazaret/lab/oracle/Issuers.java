// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.List;
import java.util.stream.Stream;
import lazaret.kernel.KernelEntry;
import lazaret.machine.Machine;
import lazaret.machine.Ref;
import lazaret.machine.Word;

/** Who wrote the command that the SMMU is executing: the strand that stored it into its slot of the queue. */
final class Issuers {
    private static final int COMMAND = 16;
    private static final String NOBODY = "";

    private final Machine machine;
    private final Hardware hardware;
    private final Ref<List<Ref<String>>> slots;
    private final Word base;

    Issuers(Machine machine, Hardware hardware) {
        this.machine = machine;
        this.hardware = hardware;
        slots = new Ref<>(machine.undo(), List.of());
        base = new Word(machine.undo());
    }

    /** One of the two words of a slot was stored. */
    void stored(int slot, KernelEntry.Stored store) {
        slots.get().get(slot).set(store.by());
    }

    /** In which slot of the queue an address lies; -1 for elsewhere. */
    int slot(long pa) {
        long at = known() ? pa - base.get() : -1;
        return at < 0 || at >= (long) COMMAND * slots.get().size() ? -1 : (int) (at / COMMAND);
    }

    /** Of the command that is being executed; empty for one that was there before anybody looked. */
    String current() {
        return known() ? slots.get().get(hardware.cmdqSlot()).get() : NOBODY;
    }

    /** The queue lies where it lies once the SMMU was probed, before the run. */
    private boolean known() {
        if (!base.test() && hardware.cmdqBase() != 0) {
            base.set(hardware.cmdqBase());
            slots.set(Stream.generate(() -> new Ref<>(machine.undo(), NOBODY)).limit(hardware.cmdqSize())
                    .toList());
        }
        return base.test();
    }
}
