// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.ArrayList;
import java.util.List;
import lazaret.lab.oracle.Hardware;
import lazaret.machine.Machine;
import lazaret.machine.Word;
import lazaret.smmuv3.AccessType;
import lazaret.smmuv3.Outcome;
import lazaret.smmuv3.QueueBase;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.StreamTable;
import lazaret.smmuv3.Transaction;
import lazaret.smmuv3.Walk;
import lazaret.smmuv3.hw.Smmu;

/** What the oracle may ask: the SMMU model, and the tables in memory by the pure walk. */
final class Silicon implements Hardware {
    private final Machine machine;
    private final List<Integer> streams = new ArrayList<>();
    private final Word actors;
    private Smmu smmu;

    Silicon(Machine machine) {
        this.machine = machine;
        actors = new Word(machine.undo());
    }

    void is(Smmu one) {
        smmu = one;
    }

    void knows(int sid) {
        streams.add(sid);
    }

    void runs(int cpus) {
        actors.set(cpus);
    }

    Smmu smmu() {
        return smmu;
    }

    @Override
    public List<Integer> streams() {
        return streams;
    }

    @Override
    public boolean refusesAts(int sid) {
        return smmu.refusesAts(sid);
    }

    @Override
    public int outstanding(int sid) {
        return smmu.outstanding(sid);
    }

    @Override
    public long walk(int sid, long iova, boolean write) {
        var transaction = Transaction.untranslated(sid, write ? AccessType.WRITE : AccessType.READ, iova);
        return Walk.whole(machine.ram(), smmu.regs(), transaction).outcome() instanceof Outcome.Translated t
                ? t.pa() : -1;
    }

    @Override
    public long ste(int sid) {
        StreamTable table = smmu.regs().streamTable();
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
        return QueueBase.ADDR.in(smmu.mmio().read64(Reg.CMDQ_BASE.offset()));
    }

    @Override
    public int cmdqSize() {
        return 1 << QueueBase.LOG2SIZE.getInt(smmu.mmio().read64(Reg.CMDQ_BASE.offset()));
    }

    @Override
    public int cmdqSlot() {
        return smmu.mmio().read32(Reg.CMDQ_CONS.offset()) & cmdqSize() - 1;
    }
}
