// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * Translation table descriptor: a page or block of stage 1 ({@link #LEAF}) or of stage 2 ({@link #LEAF2}), or
 * a pointer to the next table ({@link #TABLE}). The methods are those of the 4 KiB granule.
 *
 * @spec DDI0487 D8.3
 * @kernel arm_lpae_iopte
 */
public final class Pte {
    public static final Layout LEAF = new Layout("PTE", 1);

    public static final Field VALID    = LEAF.bit ("Valid",    0,  0);
    /** Set in a page at level 3, clear in a block. */
    public static final Field PAGE     = LEAF.bit ("Page",     0,  1);
    public static final Field ATTRINDX = LEAF.bits("AttrIndx", 0,  4,  2);
    public static final Field NS       = LEAF.bit ("NS",       0,  5);
    public static final Field AP       = LEAF.bits("AP",       0,  7,  6);
    public static final Field SH       = LEAF.bits("SH",       0,  9,  8);
    public static final Field AF       = LEAF.bit ("AF",       0, 10);
    public static final Field NG       = LEAF.bit ("nG",       0, 11);
    public static final Field OA       = LEAF.bits("OA",       0, 47, 12);
    public static final Field GP       = LEAF.tag ("GP",       0, 50, 50);
    public static final Field DBM      = LEAF.bit ("DBM",      0, 51);
    public static final Field CONT     = LEAF.bit ("Cont",     0, 52);
    public static final Field PXN      = LEAF.bit ("PXN",      0, 53);
    public static final Field UXN      = LEAF.bit ("UXN",      0, 54);
    /** Hardware does not look at these. */
    public static final Field SW       = LEAF.bits("SW",       0, 58, 55);

    /** What stage 2 has in other places than stage 1, or calls by other names. */
    public static final Layout LEAF2 = new Layout("PTE2", 1);

    public static final Field MEMATTR  = LEAF2.bits("MemAttr",  0,  5,  2);
    public static final Field S2AP     = LEAF2.bits("S2AP",     0,  7,  6);
    public static final Field XN       = LEAF2.bits("XN",       0, 54, 53);

    /** S2AP[0]: reads. */
    public static final long S2AP_READ = 1L << 6;
    /** S2AP[1]: writes. */
    public static final long S2AP_WRITE = 1L << 7;

    public static final Layout TABLE = new Layout("Table", 1);

    public static final Field TABLE_VALID = TABLE.bit ("Table_Valid", 0,  0);
    public static final Field TABLE_TYPE  = TABLE.bit ("Table_Type",  0,  1);
    public static final Field NEXT        = TABLE.bits("Next",        0, 47, 12);
    public static final Field PXNTABLE    = TABLE.bit ("PXNTable",    0, 59);
    public static final Field UXNTABLE    = TABLE.bit ("UXNTable",    0, 60);
    public static final Field APTABLE     = TABLE.bits("APTable",     0, 62, 61);
    public static final Field NSTABLE     = TABLE.bit ("NSTable",     0, 63);

    /** AP[1]: unprivileged accesses too. */
    public static final long AP_UNPRIV = 1L << 6;
    /** AP[2]: no writes. */
    public static final long AP_RDONLY = 1L << 7;

    /** APTable[0]: nothing unprivileged below. */
    public static final long APTABLE_PRIV = 1L << 61;
    /** APTable[1]: no writes below. */
    public static final long APTABLE_RDONLY = 1L << 62;

    /** The last level; its leaves are pages. */
    public static final int LAST_LEVEL = 3;

    private Pte() {
    }

    /** Does {@code pte}, found at {@code level}, point to a next table? */
    public static boolean table(long pte, int level) {
        return level < LAST_LEVEL && (pte & 3) == 3;
    }

    /** Does {@code pte}, found at {@code level}, map something? Blocks exist at levels 1 and 2. */
    public static boolean leaf(long pte, int level) {
        return level == LAST_LEVEL ? (pte & 3) == 3 : level > 0 && (pte & 3) == 1;
    }

    /** log2 of the bytes one descriptor of {@code level} covers: 12, 21, 30, 39. */
    public static int shift(int level) {
        return 12 + 9 * (LAST_LEVEL - level);
    }

    /** Index of {@code va} in a table of {@code level}. */
    public static int index(long va, int level) {
        return (int) (va >>> shift(level)) & 511;
    }

    /** Address a leaf of {@code level} maps, its first byte. */
    public static long address(long pte, int level) {
        return OA.in(pte) & -1L << shift(level);
    }

    /** The descriptor with its fields named: as a table if it is one at {@code level}, else as a leaf. */
    public static String print(long pte, int level) {
        return table(pte, level) ? TABLE.print(pte) : LEAF.print(pte);
    }
}
