// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * Enables. CR0ACK has the same fields, {@link #VMW} included.
 *
 * @spec IHI0070 6.3
 */
public final class Cr0 {
    public static final Layout CR0 = new Layout("CR0", 1);

    public static final Field SMMUEN      = CR0.bit ("SMMUEN",      0,  0);
    public static final Field PRIQEN      = CR0.bit ("PRIQEN",      0,  1);
    public static final Field EVENTQEN    = CR0.bit ("EVENTQEN",    0,  2);
    public static final Field CMDQEN      = CR0.bit ("CMDQEN",      0,  3);
    public static final Field ATSCHK      = CR0.bit ("ATSCHK",      0,  4);
    public static final Field VMW         = CR0.bits("VMW",         0,  8,  6);
    public static final Field DPT_WALK_EN = CR0.tag ("DPT_WALK_EN", 0, 10, 10);

    private Cr0() {
    }
}
