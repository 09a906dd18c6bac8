// SPDX-License-Identifier: Apache-2.0
package lazaret.bench;

import lazaret.machine.Chance;
import lazaret.machine.Machine;
import lazaret.machine.Strand;
import lazaret.pcie.At;
import lazaret.pcie.DownTlp;
import lazaret.pcie.Function;
import lazaret.pcie.Pasid;
import lazaret.pcie.RootPort;
import lazaret.pcie.Tlp;
import lazaret.smmuv3.AccessType;
import lazaret.smmuv3.Cd;
import lazaret.smmuv3.Idr0;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.Ste;
import lazaret.smmuv3.Verdict;
import lazaret.smmuv3.hw.Liberty;
import lazaret.smmuv3.hw.Smmu;
import lazaret.smmuv3.hw.SmmuParams;

/**
 * An SMMU with one function and 4096 mapped pages, as the benchmarks of other models have it; choices are
 * pinned, nobody listens, and whoever measures makes the strands step.
 */
final class SmmuRig implements Function {
    static final int PAGES = 4096;
    static final long IOVA = 0x10_0000_0000L;
    static final int SID = 0x100;
    static final long PAGE = 4096;

    private static final long CMDQ = 0x10_0000L;
    private static final long EVTQ = 0x20_0000L;
    private static final long STRTAB = 0x40_0000L;
    private static final long CDTAB = 0x60_0000L;
    private static final long TABLES = 0x1000_0000L;
    static final long DATA = 0x8000_0000L;
    private static final long RW = 0xf47;
    private static final long S2_RW = 0x7ff;
    private static final int LOG2 = 10;

    final Machine machine = new Machine(1L << 40);
    final Smmu smmu;
    final Strand port;
    final Strand landing;
    final Strand answers;
    final Strand cmdq;
    final Strand timeout;
    private final RootPort root;
    private final Tlp[] reads = new Tlp[PAGES];
    private long next = TABLES;
    private int prod;
    private DownTlp received;

    /** @param nested stage 2 behind stage 1 */
    SmmuRig(boolean nested) {
        SmmuParams params = SmmuParams.USUAL.with(Idr0.STALL_MODEL, 0).with(Idr0.S2P, 1).with(Idr0.VMID16, 1)
                .steady().with(Liberty.CHECKS_AT_ONCE);
        smmu = new Smmu(machine, params);
        root = smmu.connect(this, SID);
        machine.enter(machine.strands(), Chance.FIRST);
        port = strand("smmu port 0x100");
        landing = strand("smmu landing 0x100");
        answers = strand("smmu answers 0x100");
        cmdq = strand("smmu cmdq");
        timeout = strand("smmu atc-timeout");
        map(nested);
        on();
        for (int i = 0; i < PAGES; i++) {
            reads[i] = new Tlp.MemRead(SID, At.UNTRANSLATED, Pasid.NONE, iova(i), 7, iova(i));
        }
    }

    private Strand strand(String name) {
        for (Strand strand : machine.hardware()) {
            if (strand.name().equals(name)) {
                return strand;
            }
        }
        throw new IllegalStateException(name);
    }

    private void map(boolean nested) {
        long root2 = nested ? table() : 0;
        long root1 = table();
        identity(root2, root1);
        for (int i = 0; i < PAGES; i++) {
            long ipa = nested ? 0x4000_0000L + i * 4096L : DATA + i * 4096L;
            map(root1, IOVA + i * 4096L, ipa | RW, root2);
            if (nested) {
                map(root2, ipa, DATA + i * 4096L | S2_RW, 0);
            }
        }
        identity(root2, CDTAB);
        Cd cd = Cd.of(0x0007_E205_C000_3510L, root1, 0, 0xF404_FF44L, 0, 0, 0, 0);
        store(CDTAB, cd.words());
        ste(nested ? Ste.of(CDTAB | 0xf, 0x1000_00D6L, 0, root2, 0, 0, 0, 0)
                .with(Ste.S2T0SZ, 16).with(Ste.S2SL0, 2).with(Ste.S2PS, 5).with(Ste.S2AA64, 1)
                .with(Ste.S2R, 1)
                : Ste.of(CDTAB | 0xb, 0x1000_00D6L, 0, 0, 0, 0, 0, 0));
    }

    /** Stores the stream's entry. */
    void ste(Ste ste) {
        store(STRTAB + 64L * SID, ste.words());
    }

    private long table() {
        next += 4096;
        return next - 4096;
    }

    private void map(long root, long address, long leaf, long root2) {
        long table = root;
        for (int level = 0; level < 3; level++) {
            long at = table + 8 * (address >>> 39 - 9 * level & 511);
            if (machine.ram().load(at) == 0) {
                long below = table();
                machine.ram().store(at, below | 3);
                identity(root2, below);
            }
            table = machine.ram().load(at) & 0xffff_ffff_f000L;
        }
        machine.ram().store(table + 8 * (address >>> 12 & 511), leaf);
    }

    private void identity(long root2, long page) {
        if (root2 != 0) {
            map(root2, page, page | S2_RW, 0);
        }
    }

    private void store(long at, long... words) {
        for (int i = 0; i < words.length; i++) {
            machine.ram().store(at + 8L * i, words[i]);
        }
    }

    private void on() {
        write(Reg.STRTAB_BASE, STRTAB);
        write(Reg.STRTAB_BASE_CFG, 9);
        write(Reg.CMDQ_BASE, CMDQ | LOG2);
        write(Reg.EVENTQ_BASE, EVTQ | LOG2);
        write(Reg.CR2, 2);
        write(Reg.CR0, 0x1d);
    }

    void write(Reg reg, long value) {
        if (reg.bits() == 64) {
            smmu.mmio().write64(reg.offset(), value);
        } else {
            smmu.mmio().write32(reg.offset(), (int) value);
        }
        settle(strand("smmu registers"));
    }

    static void settle(Strand strand) {
        while (strand.enabled()) {
            strand.step();
        }
    }

    Tlp read(int i) {
        return reads[i & PAGES - 1];
    }

    /** A word of each page, in an order in which no page is near the one before. */
    static long iova(int i) {
        return IOVA + (i * 1021L & PAGES - 1) * PAGE + (i * 64L & PAGE - 1);
    }

    Verdict check(At at, AccessType type, long address) {
        return smmu.check(SID, Pasid.NONE, at, type, address);
    }

    /** Sends, and lets the SMMU check it and memory see it. */
    DownTlp passes(Tlp tlp) {
        root.send(tlp);
        settle(port);
        settle(landing);
        return received;
    }

    /** Puts a command into the queue and has it executed. */
    void command(long w0, long w1) {
        put(w0, w1);
        submit();
    }

    /** The same with two. */
    void commands(long w0, long w1, long second0, long second1) {
        put(w0, w1);
        put(second0, second1);
        submit();
    }

    private void put(long w0, long w1) {
        long at = CMDQ + 16L * (prod & (1 << LOG2) - 1);
        machine.ram().store(at, w0);
        machine.ram().store(at + 8, w1);
        prod = prod + 1 & (2 << LOG2) - 1;
    }

    private void submit() {
        smmu.mmio().write32(Reg.CMDQ_PROD.offset(), prod);
        settle(cmdq);
    }

    void answers(int itag) {
        root.send(new Tlp.InvalidateCompletion(SID, 1 << itag, 1));
        settle(answers);
    }

    /** Software takes all events. */
    void takeEvents() {
        smmu.mmio().write32(Reg.EVENTQ_CONS.offset(), smmu.mmio().read32(Reg.EVENTQ_PROD.offset()));
    }

    @Override
    public int rid() {
        return SID;
    }

    @Override
    public void receive(DownTlp tlp) {
        received = tlp;
    }

    @Override
    public boolean listening() {
        return true;
    }
}
