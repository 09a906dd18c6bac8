// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import lazaret.machine.Field;
import lazaret.machine.Log;
import lazaret.machine.Machine;
import lazaret.machine.Mmio;
import lazaret.machine.Ref;
import lazaret.machine.Unmodelled;
import lazaret.machine.Words;
import lazaret.smmuv3.Cr0;
import lazaret.smmuv3.Cr1;
import lazaret.smmuv3.Cr2;
import lazaret.smmuv3.Gbpa;
import lazaret.smmuv3.Idr0;
import lazaret.smmuv3.Idr1;
import lazaret.smmuv3.Idr3;
import lazaret.smmuv3.IrqCfg0;
import lazaret.smmuv3.IrqCfg1;
import lazaret.smmuv3.IrqCfg2;
import lazaret.smmuv3.IrqCtrl;
import lazaret.smmuv3.OutqCons;
import lazaret.smmuv3.OutqProd;
import lazaret.smmuv3.Queue;
import lazaret.smmuv3.QueueBase;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.StrtabBase;
import lazaret.smmuv3.StrtabBaseCfg;
import lazaret.smmuv3.StreamTable;

/**
 * The register file as software sees it: what each register holds, and which writes it takes when. A write at the wrong time is
 * ignored. What CR0 and IRQ_CTRL ask for holds from the moment at which {@link Handshake} acknowledges it, so the effective
 * enables are those of CR0ACK and IRQ_CTRLACK.
 *
 * @spec IHI0070 6.3
 */
final class Registers implements Mmio {
    private static final long HIGH = 0xffff_ffff_0000_0000L;

    private final Log log;
    private final SmmuParams params;
    private final Words values;
    private final Ref<Queue> cmdq;
    private final Ref<Queue> eventq;
    private final Ref<StreamTable> strtab;

    Registers(Machine machine, SmmuParams params) {
        log = machine.log();
        this.params = params;
        values = new Words(machine.undo(), Reg.values().length);
        set(Reg.IDR0, Integer.toUnsignedLong(params.idr0()));
        set(Reg.IDR1, Integer.toUnsignedLong(params.idr1()));
        set(Reg.IDR3, Integer.toUnsignedLong(params.idr3()));
        set(Reg.IDR5, Integer.toUnsignedLong(params.idr5()));
        set(Reg.AIDR, params.aidr());
        set(Reg.GBPA, Gbpa.SHCFG.prep(1));
        cmdq = new Ref<>(machine.undo(), new Queue(0));
        eventq = new Ref<>(machine.undo(), new Queue(0));
        strtab = new Ref<>(machine.undo(), StreamTable.of(0, 0, params.get(Idr1.SIDSIZE)));
    }

    // For the rest of the SMMU.

    long get(Reg reg) {
        return values.get(reg.ordinal());
    }

    void set(Reg reg, long value) {
        values.set(reg.ordinal(), value);
    }

    /** Is this enable of CR0 in effect? */
    boolean on(Field enable) {
        return enable.test(get(Reg.CR0ACK));
    }

    /** Is this interrupt enable in effect? */
    boolean irqOn(Field enable) {
        return enable.test(get(Reg.IRQ_CTRLACK));
    }

    boolean cr2(Field field) {
        return field.test(get(Reg.CR2));
    }

    Queue cmdq() {
        return cmdq.get();
    }

    Queue eventq() {
        return eventq.get();
    }

    StreamTable strtab() {
        return strtab.get();
    }

    // For software.

    @Override
    public int read32(int offset) {
        aligned(offset, 4);
        Reg reg = Reg.at(offset);
        if (reg == null) {
            return 0;
        }
        long value = get(reg);
        return (int) (reg.upper(offset) ? value >>> 32 : value);
    }

    @Override
    public long read64(int offset) {
        return get(wide(offset));
    }

    @Override
    public void write32(int offset, int value) {
        aligned(offset, 4);
        Reg reg = Reg.at(offset);
        if (reg == null) {
            return;
        }
        long low = Integer.toUnsignedLong(value);
        if (reg.bits() == 32) {
            take(reg, low);
        } else if (reg.upper(offset)) {
            take(reg, get(reg) & ~HIGH | low << 32);
        } else {
            take(reg, get(reg) & HIGH | low);
        }
    }

    @Override
    public void write64(int offset, long value) {
        take(wide(offset), value);
    }

    private static Reg wide(int offset) {
        aligned(offset, 8);
        Reg reg = Reg.at(offset);
        if (reg == null || reg.bits() != 64) {
            throw new Unmodelled("64-bit access to 32-bit registers at 0x" + Integer.toHexString(offset));
        }
        return reg;
    }

    private static void aligned(int offset, int bytes) {
        if ((offset & bytes - 1) != 0) {
            throw new Unmodelled("unaligned register access at 0x" + Integer.toHexString(offset));
        }
    }

    private void take(Reg reg, long value) {
        if (log.narrates()) {
            log.add(new SmmuEntry.RegisterWritten(reg, value));
        }
        write(reg, value);
    }

    private void write(Reg reg, long value) {
        switch (reg) {
            case CR0 -> set(reg, transition(Reg.CR0, Reg.CR0ACK, value & cr0Fields()));
            case CR1 -> cr1(value);
            case CR2 -> when(idle(Cr0.SMMUEN), reg, value & cr2Fields());
            case GBPA -> when(Gbpa.UPDATE.test(value) && !Gbpa.UPDATE.test(get(reg)), reg, value & mask(Gbpa.GBPA.res0(0)));
            case IRQ_CTRL -> set(reg, transition(Reg.IRQ_CTRL, Reg.IRQ_CTRLACK, value & irqFields()));
            case GERRORN -> set(reg, value & lazaret.smmuv3.Gerror.GERROR.res0(0) ^ value);
            case GERROR_IRQ_CFG0 -> when(irqIdle(IrqCtrl.GERROR_IRQEN), reg, IrqCfg0.ADDR.in(value));
            case GERROR_IRQ_CFG1 -> when(irqIdle(IrqCtrl.GERROR_IRQEN), reg, IrqCfg1.DATA.in(value));
            case GERROR_IRQ_CFG2 -> when(irqIdle(IrqCtrl.GERROR_IRQEN), reg, value & mask(IrqCfg2.IRQ_CFG2.res0(0)));
            case EVENTQ_IRQ_CFG0 -> when(irqIdle(IrqCtrl.EVENTQ_IRQEN), reg, IrqCfg0.ADDR.in(value));
            case EVENTQ_IRQ_CFG1 -> when(irqIdle(IrqCtrl.EVENTQ_IRQEN), reg, IrqCfg1.DATA.in(value));
            case EVENTQ_IRQ_CFG2 -> when(irqIdle(IrqCtrl.EVENTQ_IRQEN), reg, value & mask(IrqCfg2.IRQ_CFG2.res0(0)));
            case STRTAB_BASE -> streamTable(reg, value & mask(StrtabBase.STRTAB_BASE.res0(0)));
            case STRTAB_BASE_CFG -> streamTable(reg, value & mask(StrtabBaseCfg.STRTAB_BASE_CFG.res0(0)));
            case CMDQ_BASE -> queueBase(Cr0.CMDQEN, reg, value, Idr1.CMDQS, cmdq);
            case CMDQ_PROD -> set(reg, lazaret.smmuv3.CmdqProd.WR.in(value));
            case CMDQ_CONS -> when(idle(Cr0.CMDQEN), reg, value & mask(lazaret.smmuv3.CmdqCons.CMDQ_CONS.res0(0)));
            case EVENTQ_BASE -> queueBase(Cr0.EVENTQEN, reg, value, Idr1.EVENTQS, eventq);
            case EVENTQ_PROD -> when(idle(Cr0.EVENTQEN), reg, value & mask(OutqProd.Q_PROD.res0(0)));
            case EVENTQ_CONS -> set(reg, value & mask(OutqCons.Q_CONS.res0(0)));
            case IDR0, IDR1, IDR2, IDR3, IDR4, IDR5, IIDR, AIDR, IDR6, CR0ACK, STATUSR, IRQ_CTRLACK, GERROR -> { }
            case S2PII, AGBPA, PRIQ_BASE, PRIQ_PROD, PRIQ_CONS, PRIQ_IRQ_CFG0, PRIQ_IRQ_CFG1, PRIQ_IRQ_CFG2,
                 GATOS_CTRL, GATOS_SID, GATOS_ADDR, GATOS_PAR, VATOS_SEL, MPAMIDR, GMPAM, GBPMPAM,
                 DPT_BASE, DPT_BASE_CFG, DPT_CFG_FAR -> { }     // of features that SmmuParams refuses: reserved
        }
    }
}
