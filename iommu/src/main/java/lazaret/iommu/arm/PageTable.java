// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import lazaret.iommu.Prot;
import lazaret.kernel.Errno;
import lazaret.kernel.Gfp;
import lazaret.kernel.Held;
import lazaret.kernel.Kernel;
import lazaret.kernel.Pages;
import lazaret.kernel.Spinlock;
import lazaret.machine.Frame;
import lazaret.machine.Memory;
import lazaret.smmuv3.Pte;

/**
 * Four levels of tables with the 4 KiB granule, in pages of the kernel. CPUs that change different
 * leaves need no lock; only adding a table does. Tables stay until the end. Any context.
 *
 * @kernel arm_lpae_map_pages arm_lpae_unmap_pages
 */
final class PageTable {
    /** How a page is described. */
    enum Format { STAGE_1, STAGE_2 }

    static final long PAGE = Frame.SIZE;

    private static final int ENTRIES = 512;
    /** Index into MAIR. */
    private static final int WRITE_BACK = 1;
    private static final int ISH = 3;
    /** Write-back in and out, as stage 2 says it. */
    private static final int S2_WRITE_BACK = 0xf;

    private final Kernel kernel;
    private final String owner;
    private final long root;
    private final Format format;
    private final Spinlock lock;

    PageTable(Kernel kernel, String owner, long root) {
        this(kernel, owner, root, Format.STAGE_1);
    }

    PageTable(Kernel kernel, String owner, long root, Format format) {
        this.kernel = kernel;
        this.owner = owner;
        this.root = root;
        this.format = format;
        lock = new Spinlock(kernel, "io_pgtable lock");
    }

    /** Physical address of the first level. */
    long root() {
        return root;
    }

    /**
     * Maps one page. EEXIST if something is mapped there, ENOMEM without memory for tables; then nothing has
     * changed.
     */
    Errno map(long iova, long pa, Prot prot) {
        long slot = slot(iova, true);
        if (slot == Pages.NONE) {
            return Errno.ENOMEM;
        }
        if (Pte.VALID.test(memory().load(slot))) {
            return Errno.EEXIST;
        }
        memory().store(slot, switch (format) {
            case STAGE_1 -> page(pa, prot);
            case STAGE_2 -> page2(pa, prot);
        });
        return Errno.OK;
    }

    /** Takes out one page and returns its descriptor; 0 if there was none. Hardware may still know it. */
    long unmap(long iova) {
        long slot = slot(iova, false);
        if (slot == Pages.NONE) {
            return 0;
        }
        long old = memory().load(slot);
        if (!Pte.VALID.test(old)) {
            return 0;
        }
        memory().store(slot, 0);
        return old;
    }

    /** Gives back all tables. Hardware knows nothing of them any more. */
    void free() {
        free(root, 0);
    }

    static long page(long pa, Prot prot) {
        return Pte.VALID.prep(true) | Pte.PAGE.prep(true)
                | Pte.ATTRINDX.prep(WRITE_BACK)
                | Pte.AP_UNPRIV | (prot.write() ? 0 : Pte.AP_RDONLY)
                | Pte.SH.prep(ISH)
                | Pte.AF.prep(true)
                | Pte.NG.prep(true)
                | Pte.OA.in(pa);
    }

    private static long page2(long pa, Prot prot) {
        return Pte.VALID.prep(true) | Pte.PAGE.prep(true)
                | Pte.MEMATTR.prep(S2_WRITE_BACK)
                | Pte.S2AP_READ | (prot.write() ? Pte.S2AP_WRITE : 0)
                | Pte.SH.prep(ISH)
                | Pte.AF.prep(true)
                | Pte.OA.in(pa);
    }

    /** Address of the last-level descriptor of {@code iova}, {@link Pages#NONE} if there is none. */
    private long slot(long iova, boolean make) {
        long table = root;
        for (int level = 0; level < Pte.LAST_LEVEL && table != Pages.NONE; level++) {
            table = next(entry(table, iova, level), make);
        }
        return table == Pages.NONE ? Pages.NONE : entry(table, iova, Pte.LAST_LEVEL);
    }

    private static long entry(long table, long iova, int level) {
        return table + (long) Pte.index(iova, level) * Long.BYTES;
    }

    private long next(long slot, boolean make) {
        long pte = memory().load(slot);
        if (Pte.TABLE_VALID.test(pte)) {
            return Pte.NEXT.in(pte);
        }
        return make ? install(slot) : Pages.NONE;
    }

    /** The table is all zeros before anything points to it. */
    private long install(long slot) {
        try (Held _ = lock.irqsave()) {
            long pte = memory().load(slot);
            if (Pte.TABLE_VALID.test(pte)) {
                return Pte.NEXT.in(pte);
            }
            long table = kernel.pages().allocZeroed(Gfp.ATOMIC, owner);
            if (table != Pages.NONE) {
                kernel.dmaWmb();
                long made = Pte.TABLE_VALID.prep(true) | Pte.TABLE_TYPE.prep(true) | Pte.NEXT.in(table);
                memory().store(slot, made);
            }
            return table;
        }
    }

    private void free(long table, int level) {
        for (int i = 0; i < ENTRIES && level < Pte.LAST_LEVEL; i++) {
            long pte = memory().load(table + (long) i * Long.BYTES);
            if (Pte.TABLE_VALID.test(pte)) {
                free(Pte.NEXT.in(pte), level + 1);
            }
        }
        kernel.pages().free(table);
    }

    private Memory memory() {
        return kernel.memory();
    }
}
