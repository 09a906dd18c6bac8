// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.List;
import lazaret.kernel.Errno;
import lazaret.kernel.Gfp;
import lazaret.kernel.Kernel;
import lazaret.kernel.Pages;
import lazaret.machine.Frame;
import lazaret.machine.Word;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.L1Std;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.Ste;
import lazaret.smmuv3.StreamTable;
import lazaret.smmuv3.StrtabBase;
import lazaret.smmuv3.StrtabBaseCfg;

/**
 * The stream table. A linear one has all its entries from the start; with 2 levels the second level of a
 * range of streams comes into being with the first device of the range and stays. Entries nobody has claimed
 * refuse everything.
 *
 * @kernel arm_smmu_init_strtab
 */
final class Strtab {
    /** Stream id bits of one level-2 table. @kernel STRTAB_SPLIT */
    private static final int SPLIT = 8;
    /** L1STD.Span of a whole level-2 table: log2 of its entries, plus 1. */
    private static final int SPAN = SPLIT + 1;
    private static final int LOG2_STE = 6;
    private static final int LOG2_L1STD = 3;

    private final Kernel kernel;
    private final SmmuRegs regs;
    private final String name;
    private final int sidBits;
    private final boolean wantsTwoLevel;
    /** Written at probe, constant after. */
    private final Word base;
    private final Word twoLevel;

    Strtab(Kernel kernel, SmmuSetup setup, SmmuRegs regs) {
        this.kernel = kernel;
        this.regs = regs;
        name = setup.name() + " strtab";
        sidBits = setup.sidBits();
        wantsTwoLevel = setup.twoLevel();
        base = new Word(kernel.machine().undo());
        twoLevel = new Word(kernel.machine().undo());
    }

    /** Allocates it and tells the SMMU, which must be off. */
    Errno init(Features features) {
        if (sidBits > features.sidBits()) {
            return Errno.EINVAL;
        }
        twoLevel.set(wantsTwoLevel && features.twoLevel() && sidBits > SPLIT);
        int log2bytes = twoLevel.test() ? sidBits - SPLIT + LOG2_L1STD : sidBits + LOG2_STE;
        long pa = kernel.pages().allocContiguous(Gfp.KERNEL, frames(log2bytes), name);
        if (pa == Pages.NONE) {
            return Errno.ENOMEM;
        }
        base.set(pa);
        if (!twoLevel.test()) {
            abortAll(pa, sidBits);
        }
        regs.write64(Reg.STRTAB_BASE, StrtabBase.RA.prep(true) | StrtabBase.ADDR.in(pa));
        regs.write(Reg.STRTAB_BASE_CFG, (int) cfg());
        return Errno.OK;
    }

    private long cfg() {
        StreamTable.Fmt fmt = twoLevel.test() ? StreamTable.Fmt.TWO_LEVEL : StreamTable.Fmt.LINEAR;
        return StrtabBaseCfg.FMT.prep(fmt) | StrtabBaseCfg.LOG2SIZE.prep(sidBits)
                | (twoLevel.test() ? StrtabBaseCfg.SPLIT.prep(SPLIT) : 0);
    }

    boolean contains(int sid) {
        return Integer.toUnsignedLong(sid) >>> sidBits == 0;
    }

    /**
     * Makes sure that the stream has an entry. What the SMMU may have cached of the way to it is forgotten.
     *
     * @return where it is, {@link Pages#NONE} without memory
     * @kernel arm_smmu_init_sid_strtab
     * @req R48
     */
    long entry(int sid, Cmdq cmdq) {
        if (!twoLevel.test()) {
            return base.get() + (long) sid * Ste.SIZE;
        }
        long l1 = base.get() + (long) (sid >>> SPLIT) * Long.BYTES;
        long l1std = kernel.memory().load(l1);
        if (l1std == 0) {
            long l2 = kernel.pages().allocContiguous(Gfp.KERNEL, frames(SPLIT + LOG2_STE), name);
            if (l2 == Pages.NONE) {
                return Pages.NONE;
            }
            abortAll(l2, SPLIT);
            kernel.dmaWmb();        // the SMMU finds the entries filled when it finds the descriptor
            l1std = L1Std.SPAN.prep(SPAN) | L1Std.L2PTR.in(l2);
            kernel.memory().store(l1, l1std);
            cmdq.submit(List.of(new Command.CfgiSte(sid, false)));
        }
        return L1Std.L2PTR.in(l1std) + (long) (sid & (1 << SPLIT) - 1) * Ste.SIZE;
    }

    private void abortAll(long pa, int log2entries) {
        long[] abort = Stes.abort();
        for (int i = 0; i < 1 << log2entries; i++) {
            for (int word = 0; word < abort.length; word++) {
                if (abort[word] != 0) {
                    kernel.memory().store(pa + (long) i * Ste.SIZE + (long) word * Long.BYTES, abort[word]);
                }
            }
        }
    }

    private static int frames(int log2bytes) {
        return 1 << Math.max(0, log2bytes - Frame.SHIFT);
    }
}
