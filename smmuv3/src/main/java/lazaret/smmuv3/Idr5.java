// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * Addresses: output size, granules, stalls.
 *
 * @spec IHI0070 6.3
 */
public final class Idr5 {
    public static final Layout IDR5 = new Layout("IDR5", 1);

    public static final Field OAS       = IDR5.bits("OAS",       0,  2,  0);
    public static final Field GRAN4K    = IDR5.bit ("GRAN4K",    0,  4);
    public static final Field GRAN16K   = IDR5.bit ("GRAN16K",   0,  5);
    public static final Field GRAN64K   = IDR5.bit ("GRAN64K",   0,  6);
    public static final Field DS        = IDR5.bit ("DS",        0,  7);
    public static final Field D128      = IDR5.bit ("D128",      0,  8);
    public static final Field VAX       = IDR5.bits("VAX",       0, 11, 10);
    public static final Field STALL_MAX = IDR5.bits("STALL_MAX", 0, 31, 16);

    private Idr5() {
    }
}
