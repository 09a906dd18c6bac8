// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/** The 64-bit word of a translation completion, in the order of the manual's bits. @spec IHI0070 3.9.1 */
public final class AtsEntry {
    public static final Layout ATS_ENTRY = new Layout("AtsEntry", 1);

    public static final Field ADDRESS = ATS_ENTRY.bits("Address", 0, 63, 12);
    public static final Field S       = ATS_ENTRY.bit ("S",       0, 11);
    public static final Field N       = ATS_ENTRY.bit ("N",       0, 10);
    public static final Field CXL_IO  = ATS_ENTRY.tag ("CXL.io",  0, 6, 6);
    public static final Field GLOBAL  = ATS_ENTRY.bit ("Global",  0, 5);
    public static final Field PRIV    = ATS_ENTRY.bit ("Priv",    0, 4);
    public static final Field EXE     = ATS_ENTRY.bit ("Exe",     0, 3);
    public static final Field U       = ATS_ENTRY.bit ("U",       0, 2);
    public static final Field W       = ATS_ENTRY.bit ("W",       0, 1);
    public static final Field R       = ATS_ENTRY.bit ("R",       0, 0);

    private AtsEntry() { }

    /**
     * An entry that translates.
     *
     * @param address any byte of the range it translates to
     * @param size    as {@link AtsSpan#size}
     * @param flags   the other fields in place: {@code R.mask() | W.mask()}
     */
    public static long encode(long address, int size, long flags) {
        return AtsSpan.encode(address, size) | flags;
    }

    /** Neither R nor W: it translates nothing, and only its size means anything. */
    public static boolean denies(long entry) {
        return (entry & (R.mask() | W.mask())) == 0;
    }

    /** Where {@code iova} goes under {@code entry}. */
    public static long translate(long entry, long iova) {
        return AtsSpan.base(entry) | iova & AtsSpan.offsets(AtsSpan.size(entry));
    }
}
