// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * How far the SMMU has consumed commands, and why it stopped.
 *
 * @spec IHI0070 6.3
 */
public final class CmdqCons {
    public static final Layout CMDQ_CONS = new Layout("CMDQ_CONS", 1);

    public static final Field RD  = CMDQ_CONS.bits("RD",  0, 19,  0);
    public static final Field ERR = CMDQ_CONS.bits("ERR", 0, 30, 24, CmdError.class);

    private CmdqCons() {
    }
}
