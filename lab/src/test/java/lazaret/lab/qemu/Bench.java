// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.qemu;

import java.util.ArrayList;
import java.util.List;
import lazaret.machine.Alone;
import lazaret.machine.Field;
import lazaret.machine.Irq;
import lazaret.machine.Machine;
import lazaret.pcie.At;
import lazaret.pcie.DownTlp;
import lazaret.pcie.Function;
import lazaret.pcie.Pasid;
import lazaret.pcie.RootPort;
import lazaret.pcie.Tlp;
import lazaret.smmuv3.Cd;
import lazaret.smmuv3.CmdError;
import lazaret.smmuv3.CmdqCons;
import lazaret.smmuv3.Cr0;
import lazaret.smmuv3.Event;
import lazaret.smmuv3.Gbpa;
import lazaret.smmuv3.Gerror;
import lazaret.smmuv3.Idr;
import lazaret.smmuv3.Queue;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.Ste;
import lazaret.smmuv3.hw.Smmu;
import lazaret.smmuv3.hw.SmmuEntry;
import lazaret.smmuv3.hw.SmmuParams;

/**
 * Our model in the place of QEMU's: the same registers, the same tables at the same addresses, one function
 * at stream 0x10. It acts on commands at once and keeps what it has cached, as QEMU's does.
 */
final class Bench implements Function {
    static final int SID = 0x10;
    /** Mapped, to {@link #PAGE}. */
    static final long IOVA = 0x10_0020_0000L;
    static final long PAGE = 0x4410_0000L;
    /** Not mapped; its last table is there. */
    static final long HOLE = 0x10_0099_9000L;
    static final long NOWHERE = 0x300_0000_0000L;

    private static final long RAM_END = 0x5000_0000L;
    private static final long CMDQ = 0x4100_0000L;
    private static final int CMDQ_LOG2 = 8;
    private static final long EVTQ = 0x4101_0000L;
    private static final long STRTAB = 0x4200_0000L;
    private static final long CDTAB = 0x4210_0000L;
    private static final long L1 = 0x4220_0000L;
    private static final long L2 = 0x4220_1000L;
    /** Of {@link #IOVA}. */
    private static final long L3 = 0x4220_3000L;
    /** Of {@link #HOLE}. */
    private static final long L3_HOLE = 0x4220_4000L;
    private static final long S2_L1 = 0x4230_0000L;
    private static final long S2_L2 = 0x4230_1000L;
    private static final long S2_L3 = 0x4230_2000L;
    private static final long L1STD = 0x4240_0000L;
    private static final long STES = 0x4250_0000L;
    private static final long TABLE = 3;
    private static final long RW = 0xf47;
    private static final long S2_RW = 0x7ff;

    private final Machine machine = new Machine(RAM_END);
    private final Smmu smmu;
    private final RootPort port;
    private final List<SmmuEntry> ends = new ArrayList<>();
    private Ste ste = Ste.of(CDTAB | 0xb, 0xd4, 0, 0, 0, 0, 0, 0);
    private Cd cd = Cd.of(0x0001_e204_c000_3519L, L1, 0, 0xff4404, 0, 0, 0, 0);
    private long steAt = STRTAB + 64 * SID;
    private int eventLog2 = 7;
    private int prod;
    private int cr0 = 0xd;

    Bench(Idr idr) {
        smmu = new Smmu(machine, SmmuParams.USUAL.with(idr).prompt());
        port = smmu.connect(this, SID);
        machine.enter(machine.strands(), (n, why) -> why.contains("stale") ? n - 1 : 0);
        machine.log().listen(entry -> {
            if (entry instanceof SmmuEntry.DmaLanded || entry instanceof SmmuEntry.DmaRefused) {
                ends.add((SmmuEntry) entry);
            }
        }, false);
        put(L1 + 8 * 0x40, L2 | TABLE);
        put(L2 + 8, L3 | TABLE);
        put(L2 + 8 * 4, L3_HOLE | TABLE);
        put(L3, PAGE | RW);
        write(Reg.STRTAB_BASE, STRTAB);
        write(Reg.STRTAB_BASE_CFG, 5);
        write(Reg.CMDQ_BASE, CMDQ | CMDQ_LOG2);
        write(Reg.CR1, 0xd75);
        write(Reg.CR2, 7);
        write(Reg.IRQ_CTRL, 5);
    }

    // What a scenario changes before the SMMU is switched on.

    void ste(Field field, long value) {
        ste = ste.with(field, value);
    }

    /** Everything but the CD pointer and the attributes of its table. */
    void config(Ste.Config config) {
        ste(Ste.CONFIG, config.code());
    }

    void cd(Field field, long value) {
        cd = cd.with(field, value);
    }

    /** The last descriptor of {@link #HOLE}. */
    void hole(long pte) {
        put(L3_HOLE + 8 * 0x199, pte);
    }

    /** The last but one. */
    void holeTable(long pte) {
        put(L2 + 8 * 4, pte);
    }

    /** The last descriptor of {@link #IOVA}. */
    void page(long pte) {
        put(L3, pte);
    }

    void level1(int index, long pte) {
        put(L1 + 8L * index, pte);
    }

    void level2(int index, long pte) {
        put(L2 + 8L * index, pte);
    }

    void eventQueue(int log2size) {
        eventLog2 = log2size;
    }

    void cr0(int value) {
        cr0 = value;
    }

    /** Stage 2 with 39 bits of IPA; {@code full}: RAM is where it is, and {@link #IOVA} is the page too. */
    void stage2(boolean full) {
        ste(Ste.S2VMID, 7);
        ste(Ste.S2T0SZ, 25);
        ste(Ste.S2SL0, 1);
        ste(Ste.S2PS, 4);
        ste(Ste.S2AA64, 1);
        ste(Ste.S2R, 1);
        ste(Ste.S2TTB, S2_L1 >>> 4);
        if (full) {
            put(S2_L1 + 8, 0x4000_07fdL);
            put(S2_L1 + 8 * 0x40, S2_L2 | TABLE);
            put(S2_L2 + 8, S2_L3 | TABLE);
            put(S2_L3, PAGE | S2_RW);
        }
    }

    /** A stream table of two levels, the second one of 2<sup>span-1</sup> entries; none if that is 0. */
    void twoLevels(int span) {
        write(Reg.STRTAB_BASE, L1STD);
        write(Reg.STRTAB_BASE_CFG, 1 << 16 | 6 << 6 | 8);
        put(L1STD, span == 0 ? 0 : STES | span);
        steAt = STES + 64 * SID;
    }

    void oneLevel() {
        write(Reg.STRTAB_BASE, STRTAB);
        write(Reg.STRTAB_BASE_CFG, 5);
        steAt = STRTAB + 64 * SID;
    }

    // Registers and memory.

    void write(Reg reg, long value) {
        if (reg.bits() == 64) {
            smmu.mmio().write64(reg.offset(), value);
        } else {
            smmu.mmio().write32(reg.offset(), (int) value);
        }
        settle();
    }

    int read(Reg reg) {
        return smmu.mmio().read32(reg.offset());
    }

    private void put(long at, long... words) {
        for (int i = 0; i < words.length; i++) {
            machine.ram().store(at + 8L * i, words[i]);
        }
    }

    private void settle() {
        ((Alone) machine.strands()).settle();
    }

    /** Puts STE and CD into memory as they are now. */
    void store() {
        put(steAt, ste.words());
        put(CDTAB, cd.words());
    }

    void enable() {
        store();
        write(Reg.EVENTQ_BASE, EVTQ | eventLog2);
        write(Reg.CR0, cr0);
    }

    void disable() {
        write(Reg.CR0, 0xc);
    }

    void abortAll() {
        write(Reg.GBPA, Gbpa.UPDATE.mask() | Gbpa.ABORT.mask());
    }

    // What it does, and what comes of it.

    Seen writes(long iova) {
        return writes(iova, PAGE);
    }

    /** A write that is to land at {@code pa}. */
    Seen writes(long iova, long pa) {
        port.send(new Tlp.MemWrite(SID, At.UNTRANSLATED, Pasid.NONE, iova, 0xb0b, iova));
        settle();
        return seen(pa);
    }

    Seen reads(long iova) {
        port.send(new Tlp.MemRead(SID, At.UNTRANSLATED, Pasid.NONE, iova, 7, iova));
        settle();
        return seen(PAGE);
    }

    private Seen seen(long pa) {
        Event event = event();
        boolean told = taken(smmu.evtqIrq());
        if (event != null) {
            return new Seen(Seen.what(event), event, told);
        }
        return switch (ends.getLast()) {
            case SmmuEntry.DmaLanded landed -> new Seen(landed.pa() == pa ? "lands" : "passes", null, told);
            case SmmuEntry.DmaRefused r ->
                new Seen(r.why().equals("no memory") ? "passes" : "aborts", null, told);
            case SmmuEntry other -> throw new AssertionError(other);
        };
    }

    /** The one event there is, or null. */
    private Event event() {
        Queue queue = new Queue(eventLog2);
        int cons = read(Reg.EVENTQ_CONS);
        if (!Cr0.EVENTQEN.test(cr0) || queue.empty(read(Reg.EVENTQ_PROD), cons)) {
            return null;
        }
        long at = queue.slot(EVTQ, cons, Queue.EVENT);
        var ram = machine.ram();
        write(Reg.EVENTQ_CONS, queue.inc(cons));
        return Event.decode(ram.load(at), ram.load(at + 8), ram.load(at + 16), ram.load(at + 24));
    }

    private static boolean taken(Irq irq) {
        boolean pending = irq.pending();
        irq.take();
        return pending;
    }

    /** Four faults, and nobody takes the records. */
    Seen fourFaults() {
        for (int i = 0; i < 4; i++) {
            port.send(new Tlp.MemWrite(SID, At.UNTRANSLATED, Pasid.NONE, HOLE, 0xb0b, HOLE));
            settle();
        }
        boolean lost = read(Reg.EVENTQ_PROD) < 0;
        String queue = read(Reg.GERROR) == 0 && lost ? "overflow" : "GERROR " + read(Reg.GERROR);
        return new Seen(queue, null, taken(smmu.evtqIrq()));
    }

    /** Puts a command into the queue; a bad one makes way for a CMD_SYNC. */
    Seen command(long w0, long w1) {
        append(w0, w1);
        Seen seen = commanded();
        if (Gerror.CMDQ_ERR.test(read(Reg.GERROR) ^ read(Reg.GERRORN))) {
            prod--;
            put(CMDQ + 16L * prod, 0x46, 0);
            prod++;
            write(Reg.GERRORN, read(Reg.GERROR));
        }
        return seen;
    }

    private void append(long w0, long w1) {
        put(CMDQ + 16L * prod, w0, w1);
        prod++;
        write(Reg.CMDQ_PROD, prod);
    }

    private Seen commanded() {
        boolean told = taken(smmu.cmdqSyncIrq());
        if (!Gerror.CMDQ_ERR.test(read(Reg.GERROR) ^ read(Reg.GERRORN))) {
            return new Seen(told ? "taken, interrupt" : "taken", null, told);
        }
        int code = CmdqCons.ERR.getInt(read(Reg.CMDQ_CONS));
        for (CmdError error : CmdError.values()) {
            if (error.code() == code) {
                return new Seen("CERROR_" + error, null, taken(smmu.gerrorIrq()));
            }
        }
        throw new AssertionError("error " + code);
    }

    /** A command queue where there is no memory. */
    Seen commandsFromNowhere() {
        write(Reg.CR0, cr0 & ~Cr0.CMDQEN.mask());
        write(Reg.CMDQ_BASE, NOWHERE | CMDQ_LOG2);
        write(Reg.CR0, cr0);
        write(Reg.CMDQ_PROD, 1);
        return commanded();
    }

    // As a function.

    @Override
    public int rid() {
        return SID;
    }

    @Override
    public void receive(DownTlp tlp) {
    }

    @Override
    public boolean listening() {
        return true;
    }
}
