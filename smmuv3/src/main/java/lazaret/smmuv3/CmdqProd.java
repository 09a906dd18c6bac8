// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * How far software has written commands; index and wrap bit.
 *
 * @spec IHI0070 6.3
 */
public final class CmdqProd {
    public static final Layout CMDQ_PROD = new Layout("CMDQ_PROD", 1);

    public static final Field WR = CMDQ_PROD.bits("WR", 0, 19,  0);

    private CmdqProd() {
    }
}
