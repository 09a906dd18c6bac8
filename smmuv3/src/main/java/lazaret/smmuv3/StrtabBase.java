// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * Address of the stream table.
 *
 * @spec IHI0070 6.3
 */
public final class StrtabBase {
    public static final Layout STRTAB_BASE = new Layout("STRTAB_BASE", 1);

    public static final Field ADDR = STRTAB_BASE.bits("ADDR", 0, 55,  6);
    public static final Field RA   = STRTAB_BASE.bit ("RA",   0, 62);

    private StrtabBase() {
    }
}
