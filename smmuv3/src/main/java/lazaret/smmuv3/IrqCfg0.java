// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * Where a message-signalled interrupt of GERROR, EVENTQ or PRIQ is written; 0 means nowhere.
 *
 * @spec IHI0070 6.3
 */
public final class IrqCfg0 {
    public static final Layout IRQ_CFG0 = new Layout("IRQ_CFG0", 1);

    public static final Field ADDR = IRQ_CFG0.bits("ADDR", 0, 55,  2);

    private IrqCfg0() {
    }
}
