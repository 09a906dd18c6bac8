// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.qemu;

import java.util.ArrayList;
import java.util.List;
import lazaret.machine.Machine;
import lazaret.machine.Ref;
import lazaret.machine.Strand;
import lazaret.machine.Unmodelled;
import lazaret.pcie.Function;
import lazaret.pcie.RootPort;
import lazaret.pcie.Tlp;
import lazaret.qemu.Edu;
import lazaret.smmuv3.hw.SmmuEntry;

/**
 * Carries what a function of ours sends to QEMU's memory, by a device of QEMU's at the same place. That
 * device writes a number of its own; where it landed, what the function meant is put in its place.
 */
final class QemuPort implements RootPort, Strand {
    private final QemuChip chip;
    private final Machine machine;
    private final Edu hands;
    private final Function function;
    private final Ref<List<Tlp>> waiting;

    QemuPort(QemuChip chip, Machine machine, Edu hands, Function function) {
        this.chip = chip;
        this.machine = machine;
        this.hands = hands;
        this.function = function;
        waiting = new Ref<>(machine.undo(), List.of());
    }

    @Override
    public void send(Tlp tlp) {
        var more = new ArrayList<>(waiting.get());
        more.add(tlp);
        waiting.set(List.copyOf(more));
    }

    @Override
    public String name() {
        return "smmu port " + Integer.toHexString(function.rid());
    }

    @Override
    public String lane() {
        return "smmu";
    }

    @Override
    public boolean enabled() {
        return !waiting.get().isEmpty();
    }

    @Override
    public void step() {
        List<Tlp> all = waiting.get();
        waiting.set(List.copyOf(all.subList(1, all.size())));
        switch (all.getFirst()) {
            case Tlp.MemWrite write -> write(write);
            case Tlp.MemRead _ -> throw unmodelled("a read, of which QEMU's edu does not show the result");
            case Tlp.TranslationRequest _, Tlp.InvalidateCompletion _, Tlp.PageRequest _ ->
                throw unmodelled("ATS");
        }
    }

    private RuntimeException unmodelled(String what) {
        return machine.strands().broken(new Unmodelled(what + ", on QEMU"));
    }

    private void write(Tlp.MemWrite write) {
        chip.look();
        int mark = hands.write(write.address());
        for (Mirror.Change change : chip.acted()) {
            if ((int) change.word() == mark) {
                machine.ram().store(change.pa(), write.data());
                machine.log().add(new SmmuEntry.DmaLanded(write.rid(), write.at(), write.iova(), change.pa(),
                        true, write.data()));
                return;
            }
        }
        machine.log().add(new SmmuEntry.DmaRefused(write.rid(), write.at(), write.iova(), true,
                "it reached no memory that anybody owns"));
    }
}
