// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * Size and shape of the stream table.
 *
 * @spec IHI0070 6.3
 */
public final class StrtabBaseCfg {
    public static final Layout STRTAB_BASE_CFG = new Layout("STRTAB_BASE_CFG", 1);

    public static final Field LOG2SIZE = STRTAB_BASE_CFG.bits("LOG2SIZE", 0,  5,  0);
    public static final Field SPLIT    = STRTAB_BASE_CFG.bits("SPLIT",    0, 10,  6);
    public static final Field FMT      = STRTAB_BASE_CFG.bits("FMT",      0, 17, 16, StreamTable.Fmt.class);

    private StrtabBaseCfg() {
    }
}
