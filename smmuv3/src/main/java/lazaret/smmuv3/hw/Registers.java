// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import lazaret.machine.Field;
import lazaret.machine.Log;
import lazaret.machine.Machine;
import lazaret.machine.Mmio;
import lazaret.machine.Ref;
import lazaret.machine.Unmodelled;
import lazaret.machine.Word;
import lazaret.machine.Words;
import lazaret.smmuv3.Cr0;
import lazaret.smmuv3.Cr1;
import lazaret.smmuv3.Cr2;
import lazaret.smmuv3.Gbpa;
import lazaret.smmuv3.Idr0;
import lazaret.smmuv3.Idr1;
import lazaret.smmuv3.IrqCtrl;
import lazaret.smmuv3.Queue;
import lazaret.smmuv3.QueueBase;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.Regs;

/**
 * The register file as software sees it: what each register holds, and which writes it takes when. A write at
 * the wrong time is ignored. What CR0 and IRQ_CTRL ask for holds from the moment at which {@link Handshake}
 * acknowledges it, or a step before.
 *
 * @spec IHI0070 6.3
 */
final class Registers implements Mmio {
    private static final long LOW = 0xffff_ffffL;
    private static final long CR1_TABLE = Cr1.TABLE_IC.mask() | Cr1.TABLE_OC.mask() | Cr1.TABLE_SH.mask();

    private static final int MOST_WILD = 4;

    private final Log log;
    private final SmmuParams params;
    private final Words values;
    /** The bits that software can set in each register; fixed. */
    private final Words fields;
    private final Ref<Queue> cmdq;
    private final Ref<Queue> eventq;
    private final Ref<Queue> priq;
    /** Service failure mode was entered; there is no way out. */
    private final Word failed;
    /** CR0 as far as it is in effect: what CR0ACK says, or a little more. */
    private final Word effective;
    private final Word bypass;
    private final Ref<Regs> checking;
    private final Ref<Regs> trusting;

    Registers(Machine machine, SmmuParams params) {
        log = machine.log();
        this.params = params;
        values = new Words(machine.undo(), Reg.values().length);
        fields = new Words(machine.undo(), Reg.values().length);
        for (Reg reg : Reg.values()) {
            fields.set(reg.ordinal(), implemented(reg));
        }
        set(Reg.IDR0, params.idr().idr0());
        set(Reg.IDR1, params.idr().idr1());
        set(Reg.IDR3, params.idr().idr3());
        set(Reg.IDR5, params.idr().idr5());
        set(Reg.AIDR, params.aidr());
        set(Reg.GBPA, Gbpa.SHCFG.prep(1));
        cmdq = new Ref<>(machine.undo(), new Queue(0));
        eventq = new Ref<>(machine.undo(), new Queue(0));
        priq = new Ref<>(machine.undo(), new Queue(0));
        failed = new Word(machine.undo());
        effective = new Word(machine.undo());
        bypass = new Word(machine.undo(), get(Reg.GBPA));
        checking = new Ref<>(machine.undo(), null);
        trusting = new Ref<>(machine.undo(), null);
        review();
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
        return enable.test(effective.get());
    }

    /** Is this interrupt enable in effect? */
    boolean irqOn(Field enable) {
        return enable.test(get(Reg.IRQ_CTRLACK));
    }

    Queue cmdq() {
        return cmdq.get();
    }

    Queue eventq() {
        return eventq.get();
    }

    Queue priq() {
        return priq.get();
    }

    /** It gives up for good. */
    void fail() {
        failed.set(1);
    }

    /** Not in service failure mode. */
    boolean working() {
        return !failed.test();
    }

    /** VMID bits that TLB invalidations do not compare. */
    int vmidWildcard() {
        int bits = Cr0.VMW.getInt(effective.get());
        return bits > MOST_WILD ? 0 : bits;
    }

    /** What translation sees, with CR0.ATSCHK as given: caches remember an older one. */
    Regs view(boolean atschk) {
        return atschk ? checking.get() : trusting.get();
    }

    /** What translation sees now. */
    Regs view() {
        return view(on(Cr0.ATSCHK));
    }

    /**
     * Puts into effect, and says so, what IRQ_CTRL, GBPA and the bits {@code cr0} of CR0 ask for; with {@link
     * Liberty#ENABLES_BEFORE_ACK} in two steps.
     */
    void acknowledge(long cr0) {
        long next = effective.get() & ~cr0 | get(Reg.CR0) & cr0;
        boolean quiet = next != effective.get() && params.takes(Liberty.ENABLES_BEFORE_ACK);
        effective.set(next);
        if (!quiet) {
            set(Reg.CR0ACK, get(Reg.CR0ACK) & ~cr0 | get(Reg.CR0) & cr0);
            set(Reg.IRQ_CTRLACK, get(Reg.IRQ_CTRL));
        }
        if (Gbpa.UPDATE.test(get(Reg.GBPA))) {
            set(Reg.GBPA, get(Reg.GBPA) & ~Gbpa.UPDATE.mask());
            bypass.set(get(Reg.GBPA));
        }
        review();
    }

    private void review() {
        long ats = Cr0.ATSCHK.mask();
        checking.set(view(effective.get() | ats));
        trusting.set(view(effective.get() & ~ats));
    }

    private Regs view(long cr0) {
        return new Regs(params.idr(), cr0, get(Reg.CR2), bypass.get(), get(Reg.STRTAB_BASE),
                get(Reg.STRTAB_BASE_CFG));
    }

    // For software.

    @Override
    public int read32(int offset) {
        aligned(offset, 4);
        Reg reg = Reg.at(offset);
        if (reg == null) {
            return 0;
        }
        return (int) (reg.upper(offset) ? get(reg) >>> 32 : get(reg));
    }

    @Override
    public long read64(int offset) {
        return get(wide(offset));
    }

    @Override
    public void write32(int offset, int value) {
        aligned(offset, 4);
        Reg reg = Reg.at(offset);
        if (reg != null) {
            long half = Integer.toUnsignedLong(value);
            take(reg, reg.upper(offset) ? get(reg) & LOW | half << 32 : get(reg) & ~LOW | half);
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
            throw new Unmodelled("64-bit access to registers of 32 bits at 0x" + Integer.toHexString(offset));
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
        if (writable(reg, value)) {
            set(reg, taken(reg, value & fields.get(reg.ordinal())));
            refresh(reg);
        }
    }

    /** Does the register take a write now? */
    private boolean writable(Reg reg, long value) {
        return switch (reg) {
            case CR0, CR1, IRQ_CTRL, GERRORN, CMDQ_PROD, EVENTQ_CONS, PRIQ_CONS -> true;
            case CR2, STRTAB_BASE, STRTAB_BASE_CFG -> off(Cr0.SMMUEN);
            case CMDQ_BASE, CMDQ_CONS -> off(Cr0.CMDQEN);
            case EVENTQ_BASE, EVENTQ_PROD -> off(Cr0.EVENTQEN);
            case PRIQ_BASE, PRIQ_PROD -> off(Cr0.PRIQEN);
            case GBPA -> Gbpa.UPDATE.test(value) && !Gbpa.UPDATE.test(get(reg));
            case GERROR_IRQ_CFG0, GERROR_IRQ_CFG1, GERROR_IRQ_CFG2 -> irqOff(IrqCtrl.GERROR_IRQEN);
            case EVENTQ_IRQ_CFG0, EVENTQ_IRQ_CFG1, EVENTQ_IRQ_CFG2 -> irqOff(IrqCtrl.EVENTQ_IRQEN);
            case PRIQ_IRQ_CFG0, PRIQ_IRQ_CFG1, PRIQ_IRQ_CFG2 -> irqOff(IrqCtrl.PRIQ_IRQEN);
            case IDR0, IDR1, IDR2, IDR3, IDR4, IDR5, IDR6, IIDR, AIDR, CR0ACK, STATUSR, IRQ_CTRLACK,
                 GERROR -> false;
            // of features that SmmuParams refuses: reserved
            case S2PII, AGBPA, GATOS_CTRL, GATOS_SID, GATOS_ADDR, GATOS_PAR, VATOS_SEL, MPAMIDR, GMPAM,
                 GBPMPAM, DPT_BASE, DPT_BASE_CFG, DPT_CFG_FAR -> false;
        };
    }

    /** What the register holds after a write of {@code value}, reserved bits already gone. */
    private long taken(Reg reg, long value) {
        if (reg == Reg.CR0) {
            return transition(reg, Reg.CR0ACK, value);
        }
        if (reg == Reg.IRQ_CTRL) {
            return transition(reg, Reg.IRQ_CTRLACK, value);
        }
        if (reg == Reg.CR1) {
            boolean queuesOff = off(Cr0.CMDQEN) && off(Cr0.EVENTQEN) && off(Cr0.PRIQEN);
            long open = (off(Cr0.SMMUEN) ? CR1_TABLE : 0) | (queuesOff ? ~CR1_TABLE : 0);
            return get(reg) & ~open | value & open;
        }
        return value;
    }

    /** A field whose last change is not acknowledged yet keeps it, whatever is written meanwhile. */
    private long transition(Reg reg, Reg ack, long value) {
        long busy = get(reg) ^ get(ack);
        return get(reg) & busy | value & ~busy;
    }

    /** Decodes once what is looked at often. */
    private void refresh(Reg reg) {
        if (reg == Reg.CMDQ_BASE) {
            cmdq.set(queue(reg, Idr1.CMDQS));
        } else if (reg == Reg.EVENTQ_BASE) {
            eventq.set(queue(reg, Idr1.EVENTQS));
        } else if (reg == Reg.PRIQ_BASE) {
            priq.set(queue(reg, Idr1.PRIQS));
        } else if (reg == Reg.STRTAB_BASE || reg == Reg.STRTAB_BASE_CFG) {
            review();
        }
    }

    private Queue queue(Reg base, Field limit) {
        return new Queue(Math.min(QueueBase.LOG2SIZE.getInt(get(base)), params.idr().get(limit)));
    }

    private boolean off(Field enable) {
        return !enable.test(get(Reg.CR0) | get(Reg.CR0ACK));
    }

    private boolean irqOff(Field enable) {
        return !enable.test(get(Reg.IRQ_CTRL) | get(Reg.IRQ_CTRLACK));
    }

    private long implemented(Reg reg) {
        return switch (reg) {
            case CR0 -> Cr0.SMMUEN.mask() | Cr0.EVENTQEN.mask() | Cr0.CMDQEN.mask()
                    | ifHas(Idr0.ATS, Cr0.ATSCHK)
                    | ifHas(Idr0.PRI, Cr0.PRIQEN)
                    | ifHas(Idr0.VMW, Cr0.VMW);
            case CR2 -> Cr2.RECINVSID.mask() | Cr2.PTM.mask() | ifHas(Idr0.HYP, Cr2.E2H)
                    | ifHas(Idr0.ATSRECERR, Cr2.REC_CFG_ATS);
            case IRQ_CTRL -> IrqCtrl.GERROR_IRQEN.mask() | IrqCtrl.EVENTQ_IRQEN.mask()
                    | ifHas(Idr0.PRI, IrqCtrl.PRIQ_IRQEN);
            case PRIQ_BASE, PRIQ_PROD, PRIQ_CONS -> params.has(Idr0.PRI) ? ~reg.layout().res0(0) : 0;
            case PRIQ_IRQ_CFG0, PRIQ_IRQ_CFG1, PRIQ_IRQ_CFG2 ->
                params.has(Idr0.PRI) && (params.has(Idr0.MSI) || reg == Reg.PRIQ_IRQ_CFG2)
                        ? ~reg.layout().res0(0) : 0;
            case GERROR_IRQ_CFG0, GERROR_IRQ_CFG1, GERROR_IRQ_CFG2,
                 EVENTQ_IRQ_CFG0, EVENTQ_IRQ_CFG1, EVENTQ_IRQ_CFG2 ->
                params.has(Idr0.MSI) ? ~reg.layout().res0(0) : 0;
            case CR1, GBPA, GERRORN, STRTAB_BASE, STRTAB_BASE_CFG, CMDQ_BASE, CMDQ_PROD, CMDQ_CONS,
                 EVENTQ_BASE, EVENTQ_PROD, EVENTQ_CONS -> ~reg.layout().res0(0);
            case IDR0, IDR1, IDR2, IDR3, IDR4, IDR5, IDR6, IIDR, AIDR, CR0ACK, STATUSR, IRQ_CTRLACK, GERROR,
                 S2PII, AGBPA, GATOS_CTRL, GATOS_SID, GATOS_ADDR, GATOS_PAR, VATOS_SEL, MPAMIDR, GMPAM,
                 GBPMPAM, DPT_BASE, DPT_BASE_CFG, DPT_CFG_FAR -> 0;
        };
    }

    private long ifHas(Field feature, Field bit) {
        return params.has(feature) ? bit.mask() : 0;
    }
}
