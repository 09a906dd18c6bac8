// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.ArrayList;
import java.util.List;
import lazaret.lab.oracle.Hardware;
import lazaret.machine.Machine;
import lazaret.machine.Word;
import lazaret.pcie.At;
import lazaret.smmuv3.AccessType;
import lazaret.smmuv3.Outcome;
import lazaret.smmuv3.QueueBase;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.StreamTable;
import lazaret.smmuv3.Transaction;
import lazaret.smmuv3.Walk;

/** What the oracle may ask: the SMMU, and the tables in memory by the pure walk. */
final class Silicon implements Hardware {
    private final Machine machine;
    private final List<Integer> streams = new ArrayList<>();
    private final Word actors;
    private Chip chip;

    Silicon(Machine machine) {
        this.machine = machine;
        actors = new Word(machine.undo());
    }

    void is(Chip one) {
        chip = one;
    }

    void knows(int sid) {
        streams.add(sid);
    }

    void runs(int cpus) {
        actors.set(cpus);
    }

    Chip chip() {
        return chip;
    }

    @Override
    public List<Integer> streams() {
        return streams;
    }

    @Override
    public boolean refusesAts(int sid) {
        return chip.refusesAts(sid);
    }

    @Override
    public int outstanding(int sid) {
        return chip.outstanding(sid);
    }

    @Override
    public long walk(int sid, int pasid, long iova, boolean write) {
        var transaction = new Transaction(sid, pasid, At.UNTRANSLATED,
                write ? AccessType.WRITE : AccessType.READ, iova);
        return Walk.whole(machine.ram(), chip.regs(), transaction).outcome() instanceof Outcome.Translated t
                ? t.pa() : -1;
    }

    @Override
    public long ste(int sid) {
        StreamTable table = chip.regs().streamTable();
        if (!table.contains(sid)) {
            return -1;
        }
        long ste = switch (table.fmt()) {
            case LINEAR -> table.ste(sid);
            case TWO_LEVEL -> table.ste(sid, machine.ram().load(table.l1std(sid)));
        };
        return ste == StreamTable.NOWHERE ? -1 : ste;
    }

    @Override
    public int cpus() {
        return actors.asInt();
    }

    @Override
    public long cmdqBase() {
        return QueueBase.ADDR.in(chip.register(Reg.CMDQ_BASE));
    }

    @Override
    public int cmdqSize() {
        return 1 << QueueBase.LOG2SIZE.getInt(chip.register(Reg.CMDQ_BASE));
    }

    @Override
    public int cmdqSlot() {
        return (int) chip.register(Reg.CMDQ_CONS) & cmdqSize() - 1;
    }
}
