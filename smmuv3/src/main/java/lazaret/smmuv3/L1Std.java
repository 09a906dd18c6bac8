// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * Level-1 stream table descriptor: where the STEs of a range of streams are.
 *
 * @spec IHI0070 5.1
 */
public final class L1Std {
    public static final Layout L1STD = new Layout("L1STD", 1);

    public static final Field SPAN  = L1STD.bits("Span",  0,  4, 0);
    public static final Field L2PTR = L1STD.bits("L2Ptr", 0, 55, 6);

    private L1Std() {
    }

    /** Number of STEs the descriptor spans; 0 when it is invalid or its Span is reserved. */
    public static int entries(long l1std) {
        int span = SPAN.getInt(l1std);
        return span == 0 || span > 11 ? 0 : 1 << span - 1;
    }

    /** Address of the first STE, aligned as the SMMU forces it. */
    public static long l2Ptr(long l1std) {
        return L2PTR.in(l1std) & -((long) Math.max(1, entries(l1std)) * Ste.SIZE);
    }
}
