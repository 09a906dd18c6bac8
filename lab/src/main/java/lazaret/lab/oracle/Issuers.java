// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.ArrayList;
import java.util.List;
import lazaret.kernel.KernelEntry;
import lazaret.machine.Machine;
import lazaret.machine.Ref;

/** Who wrote the command that the SMMU is executing: the strand that stored it into its slot of the queue. */
final class Issuers implements Watch {
    private static final int COMMAND = 16;
    private static final String NOBODY = "";

    private final Machine machine;
    private final Hardware hardware;
    private final Ref<List<Ref<String>>> slots;
    private final Ref<Long> base;

    Issuers(Machine machine, Hardware hardware) {
        this.machine = machine;
        this.hardware = hardware;
        slots = new Ref<>(machine.undo(), List.of());
        base = new Ref<>(machine.undo(), -1L);
    }

    @Override
    public void stored(KernelEntry.Stored store) {
        int slot = slot(store.pa());
        if (slot >= 0) {
            slots.get().get(slot).set(machine.strands().current().name());
        }
    }

    /** In which slot of the queue an address lies; -1 for elsewhere. */
    int slot(long pa) {
        if (!known() || pa < base.get()) {
            return -1;
        }
        long slot = (pa - base.get()) / COMMAND;
        return slot < slots.get().size() ? (int) slot : -1;
    }

    /** Of the command that is being executed; empty for one that was there before anybody looked. */
    String current() {
        return known() ? slots.get().get(hardware.cmdqSlot()).get() : NOBODY;
    }

    /** The queue lies where it lies once the SMMU was probed, before the run. */
    private boolean known() {
        if (base.get() < 0 && hardware.cmdqBase() != 0) {
            base.set(hardware.cmdqBase());
            var fresh = new ArrayList<Ref<String>>();
            for (int i = 0; i < hardware.cmdqSize(); i++) {
                fresh.add(new Ref<>(machine.undo(), NOBODY));
            }
            slots.set(List.copyOf(fresh));
        }
        return base.get() >= 0;
    }
}
