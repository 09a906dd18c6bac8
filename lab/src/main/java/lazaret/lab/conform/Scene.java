// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.conform;

import java.util.stream.LongStream;
import lazaret.machine.Field;
import lazaret.smmuv3.Cd;
import lazaret.smmuv3.CmdError;
import lazaret.smmuv3.CmdqCons;
import lazaret.smmuv3.Cr0;
import lazaret.smmuv3.Event;
import lazaret.smmuv3.Gbpa;
import lazaret.smmuv3.Gerror;
import lazaret.smmuv3.Queue;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.Ste;

/**
 * What an SMMUv3 is examined with: tables, queues and registers around one stream, all as they should be
 * until somebody changes one. It begins with a reset; what is changed then is there when {@link #enable}
 * switches the SMMU on.
 */
public final class Scene {
    /** Mapped, to {@link #PAGE}. */
    public static final long IOVA = 0x10_0020_0000L;
    public static final long PAGE = 0x4410_0000L;
    /** Not mapped; its last table is there. */
    public static final long HOLE = 0x10_0099_9000L;
    /** Not mapped by the first table. */
    static final long UNMAPPED = 0x20_0000_0000L;
    /** No memory is there, but it can be addressed. */
    public static final long NOWHERE = 0x300_0000_0000L;
    /** A page that nothing leads to. */
    static final long OTHER_PAGE = 0x4420_0000L;
    /** A GiB of memory that nothing leads to. */
    static final long BLOCK = 0x8000_0000L;

    private static final long CMDQ = 0x4101_0000L;
    private static final int CMDQ_LOG2 = 8;
    private static final long EVTQ = 0x4102_0000L;
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

    private final Specimen smmu;
    private Ste ste = Ste.of(CDTAB | 0xb, 0xd4, 0, 0, 0, 0, 0, 0);
    private Cd cd = Cd.of(0x0001_e204_c000_3519L, L1, 0, 0xff4404, 0, 0, 0, 0);
    private long steAt = STRTAB + 64 * Specimen.SID;
    private int eventLog2;
    private int prod;
    private int cr0 = 0xd;

    public Scene(Specimen smmu) {
        this.smmu = smmu;
        smmu.reset();
        put(L1 + 8 * 0x40, L2 | TABLE);
        put(L2 + 8, L3 | TABLE);
        put(L2 + 8 * 4, L3_HOLE | TABLE);
        put(L3, PAGE | RW);
        write(Reg.STRTAB_BASE, STRTAB);
        write(Reg.STRTAB_BASE_CFG, 5);
        write(Reg.CMDQ_BASE, CMDQ | CMDQ_LOG2);
        write(Reg.CMDQ_PROD, 0);
        write(Reg.CMDQ_CONS, 0);
        eventQueue(7);
        write(Reg.CR1, 0xd75);
        write(Reg.CR2, 7);
        write(Reg.IRQ_CTRL, 5);
    }

    // What a scenario changes before the SMMU is switched on.

    public void ste(Field field, long value) {
        ste = ste.with(field, value);
    }

    /** Everything but the CD pointer and the attributes of its table. */
    public void config(Ste.Config config) {
        ste(Ste.CONFIG, config.code());
    }

    public void cd(Field field, long value) {
        cd = cd.with(field, value);
    }

    /** The last descriptor of {@link #HOLE}. */
    public void hole(long pte) {
        put(L3_HOLE + 8 * 0x199, pte);
    }

    /** The last but one. */
    public void holeTable(long pte) {
        put(L2 + 8 * 4, pte);
    }

    /** The last descriptor of {@link #IOVA}. */
    public void page(long pte) {
        put(L3, pte);
    }

    public void level1(int index, long pte) {
        put(L1 + 8L * index, pte);
    }

    public void level2(int index, long pte) {
        put(L2 + 8L * index, pte);
    }

    public void eventQueue(int log2size) {
        eventLog2 = log2size;
        write(Reg.EVENTQ_BASE, EVTQ | eventLog2);
        write(Reg.EVENTQ_PROD, 0);
        write(Reg.EVENTQ_CONS, 0);
    }

    public void cr0(int value) {
        cr0 = value;
    }

    /** Stage 2 with 39 bits of IPA; {@code full}: RAM is where it is, and {@link #IOVA} is the page too. */
    public void stage2(boolean full) {
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
    public void twoLevels(int span) {
        write(Reg.STRTAB_BASE, L1STD);
        write(Reg.STRTAB_BASE_CFG, 1 << 16 | 6 << 6 | 8);
        put(L1STD, span == 0 ? 0 : STES | span);
        steAt = STES + 64 * Specimen.SID;
    }

    public void oneLevel() {
        write(Reg.STRTAB_BASE, STRTAB);
        write(Reg.STRTAB_BASE_CFG, 5);
        steAt = STRTAB + 64 * Specimen.SID;
    }

    // Registers and memory.

    public void write(Reg reg, long value) {
        smmu.write(reg, value);
    }

    private int read(Reg reg) {
        return smmu.read(reg);
    }

    private void put(long at, long... words) {
        smmu.store(at, words);
    }

    /** Puts STE and CD into memory as they are now. */
    public void store() {
        put(steAt, ste.words());
        put(CDTAB, cd.words());
    }

    public void enable() {
        store();
        write(Reg.CR0, cr0);
    }

    public void disable() {
        write(Reg.CR0, 0xc);
    }

    public void abortAll() {
        write(Reg.GBPA, Gbpa.UPDATE.mask() | Gbpa.ABORT.mask());
    }

    // What it does, and what comes of it.

    public Seen writes(long iova) {
        return writes(iova, PAGE);
    }

    /** A write that is to land at {@code pa}. */
    public Seen writes(long iova, long pa) {
        return seen(smmu.dmaWrite(iova), iova, pa);
    }

    public Seen reads(long iova) {
        smmu.dmaRead(iova);
        Seen seen = seen(0, iova, PAGE);
        return seen.event() == null ? new Seen("no event", null, seen.told()) : seen;
    }

    private Seen seen(int mark, long iova, long pa) {
        Event event = event();
        boolean told = smmu.takeInterrupt(Specimen.Line.EVENTQ);
        return event == null ? new Seen(landing(mark, iova, pa), null, told)
                : new Seen(Seen.what(event), event, told);
    }

    /** Where the mark is now, if it is where it could be. */
    private String landing(int mark, long iova, long pa) {
        long[] places = LongStream.of(pa, PAGE | iova & 0xfff, OTHER_PAGE | iova & 0xfff,
                PAGE & ~0x1f_ffffL | iova & 0x1f_ffff, OTHER_PAGE & ~0x1f_ffffL | iova & 0x1f_ffff,
                BLOCK | iova & 0xfff_ffff, iova)
                .filter(place -> place == pa || place >= Specimen.FREE && place < Specimen.RAM_END)
                .distinct().toArray();
        long[] words = smmu.load(places);
        for (int i = 0; i < places.length; i++) {
            if (mark != 0 && (int) words[i] == mark) {
                return places[i] == pa ? "lands" : "lands at 0x" + Long.toHexString(places[i]);
            }
        }
        return smmu.lost();
    }

    /** The one event there is, or null. */
    private Event event() {
        Queue queue = new Queue(eventLog2);
        int cons = read(Reg.EVENTQ_CONS);
        if (!Cr0.EVENTQEN.test(cr0) || queue.empty(read(Reg.EVENTQ_PROD), cons)) {
            return null;
        }
        long at = queue.slot(EVTQ, cons, Queue.EVENT);
        write(Reg.EVENTQ_CONS, queue.inc(cons));
        long[] words = smmu.load(at, at + 8, at + 16, at + 24);
        return Event.decode(words[0], words[1], words[2], words[3]);
    }

    /** Four faults, of which the records are taken only then. */
    public Seen fourFaults() {
        for (int i = 0; i < 4; i++) {
            smmu.dmaWrite(UNMAPPED);
        }
        int written = read(Reg.EVENTQ_PROD);
        int active = Gerror.active(read(Reg.GERROR), read(Reg.GERRORN));
        write(Reg.EVENTQ_CONS, written);
        write(Reg.GERRORN, read(Reg.GERROR));
        return new Seen(active == 0 && written < 0 ? "overflow" : "GERROR " + active, null,
                smmu.takeInterrupt(Specimen.Line.EVENTQ));
    }

    /** Puts a command into the queue; a bad one makes way for a CMD_SYNC. */
    public Seen command(long w0, long w1) {
        append(w0, w1);
        Seen seen = commanded();
        if (Gerror.CMDQ_ERR.test(read(Reg.GERROR) ^ read(Reg.GERRORN))) {
            prod--;
            put(CMDQ + 16L * (prod & (1 << CMDQ_LOG2) - 1), 0x46, 0);
            prod++;
            write(Reg.GERRORN, read(Reg.GERROR));
        }
        return seen;
    }

    private void append(long w0, long w1) {
        put(CMDQ + 16L * (prod & (1 << CMDQ_LOG2) - 1), w0, w1);
        prod++;
        write(Reg.CMDQ_PROD, prod);
    }

    private Seen commanded() {
        boolean told = smmu.takeInterrupt(Specimen.Line.CMD_SYNC);
        if (!Gerror.CMDQ_ERR.test(read(Reg.GERROR) ^ read(Reg.GERRORN))) {
            return new Seen(told ? "taken, interrupt" : "taken", null, told);
        }
        int code = CmdqCons.ERR.getInt(read(Reg.CMDQ_CONS));
        for (CmdError error : CmdError.values()) {
            if (error.code() == code) {
                return new Seen("CERROR_" + error, null, smmu.takeInterrupt(Specimen.Line.GERROR));
            }
        }
        throw new AssertionError("error " + code);
    }

    /** A command queue where there is no memory. */
    public Seen commandsFromNowhere() {
        write(Reg.CR0, cr0 & ~Cr0.CMDQEN.mask());
        write(Reg.CMDQ_BASE, NOWHERE | CMDQ_LOG2);
        write(Reg.CMDQ_PROD, 0);
        write(Reg.CMDQ_CONS, 0);
        write(Reg.CR0, cr0);
        write(Reg.CMDQ_PROD, 1);
        return commanded();
    }
}
