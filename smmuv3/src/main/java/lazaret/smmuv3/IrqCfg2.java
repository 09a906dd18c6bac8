// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * Attributes of that write. {@link #LO} exists for the PRIQ only: interrupt at the last page request of a
 * group.
 *
 * @spec IHI0070 6.3
 */
public final class IrqCfg2 {
    public static final Layout IRQ_CFG2 = new Layout("IRQ_CFG2", 1);

    public static final Field MEMATTR = IRQ_CFG2.bits("MemAttr", 0,  3,  0);
    public static final Field SH      = IRQ_CFG2.bits("SH",      0,  5,  4);
    public static final Field LO      = IRQ_CFG2.bit ("LO",      0, 31);

    private IrqCfg2() {
    }
}
