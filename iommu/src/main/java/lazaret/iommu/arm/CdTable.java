// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.List;
import lazaret.kernel.Gfp;
import lazaret.kernel.Kernel;
import lazaret.kernel.Pages;
import lazaret.machine.Frame;
import lazaret.machine.Word;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.L1Cd;
import lazaret.smmuv3.Ste;

/**
 * The context descriptors of a master, one for each PASID and number {@link Cds#NO_PASID} for DMA without.
 * Up to one page of them stands in one row. More have a page of pointers in front, and a leaf comes into
 * being with the first PASID of its range and stays. What nobody has claimed is zero, and refuses.
 *
 * @kernel arm_smmu_ctx_desc_cfg
 */
final class CdTable {
    /** log2 of the descriptors in one page. */
    private static final int LEAF = 6;
    private static final int LOG2_CD = 6;
    private static final int LOG2_POINTERS = Frame.SHIFT - 3;

    private final Kernel kernel;
    private final String name;
    private final int bits;
    /** Written at probe, constant after. */
    private final Word base;

    /** @param bits log2 of how many descriptors there may be */
    CdTable(Kernel kernel, String name, int bits) {
        this.kernel = kernel;
        this.name = name;
        this.bits = bits;
        base = new Word(kernel.machine().undo());
    }

    /** log2 of how many there can be at most: one page, or what one page of pointers leads to. */
    static int maxBits(boolean twoLevel) {
        return twoLevel ? LOG2_POINTERS + LEAF : LEAF;
    }

    /** As much as DMA without PASID needs; says whether there was memory. Nothing leads here yet. */
    boolean alloc() {
        long pa = kernel.pages().allocZeroed(Gfp.KERNEL, name);
        if (pa == Pages.NONE) {
            return false;
        }
        base.set(pa);
        boolean done = fmt() == Ste.S1Fmt.LINEAR || addLeaf(Cds.NO_PASID) != 0;
        if (!done) {
            kernel.pages().free(pa);
        }
        return done;
    }

    /** Nothing leads here any more. */
    void free() {
        for (int i = 0; fmt() != Ste.S1Fmt.LINEAR && i < 1 << bits - LEAF; i++) {
            long l1cd = kernel.memory().load(pointer(i << LEAF));
            if (L1Cd.V.test(l1cd)) {
                kernel.pages().free(L1Cd.L2PTR.in(l1cd));
            }
        }
        kernel.pages().free(base.get());
    }

    long base() {
        return base.get();
    }

    int bits() {
        return bits;
    }

    Ste.S1Fmt fmt() {
        return bits <= LEAF ? Ste.S1Fmt.LINEAR : Ste.S1Fmt.LEAF_4K;
    }

    /** Where the descriptor is, {@link Pages#NONE} where there is no leaf for it. */
    long find(int ssid) {
        if (fmt() == Ste.S1Fmt.LINEAR) {
            return base.get() + ((long) ssid << LOG2_CD);
        }
        long l1cd = kernel.memory().load(pointer(ssid));
        return L1Cd.V.test(l1cd) ? in(l1cd, ssid) : Pages.NONE;
    }

    /**
     * Makes sure that there is a descriptor. What the SMMU may have cached of the way to it is forgotten.
     *
     * @return where it is, {@link Pages#NONE} without memory
     * @kernel arm_smmu_alloc_cd_ptr
     * @req R48
     */
    long make(int ssid, Master master) {
        long there = find(ssid);
        if (there != Pages.NONE) {
            return there;
        }
        long l1cd = addLeaf(ssid);
        if (l1cd == 0) {
            return Pages.NONE;
        }
        master.smmu().cmdq().submit(List.of(new Command.CfgiCd(master.sid(), ssid, false)));
        return in(l1cd, ssid);
    }

    /** The pointer to the new leaf, 0 without memory. */
    private long addLeaf(int ssid) {
        long leaf = kernel.pages().allocZeroed(Gfp.KERNEL, name);
        if (leaf == Pages.NONE) {
            return 0;
        }
        kernel.dmaWmb();        // the SMMU finds the leaf empty when it finds the pointer
        long l1cd = L1Cd.V.prep(true) | L1Cd.L2PTR.in(leaf);
        kernel.memory().store(pointer(ssid), l1cd);
        return l1cd;
    }

    private long pointer(int ssid) {
        return base.get() + (long) (ssid >>> LEAF) * Long.BYTES;
    }

    private static long in(long l1cd, int ssid) {
        return L1Cd.L2PTR.in(l1cd) + ((long) (ssid & (1 << LEAF) - 1) << LOG2_CD);
    }
}
