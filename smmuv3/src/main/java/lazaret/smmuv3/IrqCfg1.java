// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * What a message-signalled interrupt writes.
 *
 * @spec IHI0070 6.3
 */
public final class IrqCfg1 {
    public static final Layout IRQ_CFG1 = new Layout("IRQ_CFG1", 1);

    public static final Field DATA = IRQ_CFG1.bits("DATA", 0, 31,  0);

    private IrqCfg1() {
    }
}
