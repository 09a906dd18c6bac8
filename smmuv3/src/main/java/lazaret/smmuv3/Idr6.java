// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * Enhanced command queues: how many pages and queues, as logarithms.
 *
 * @spec IHI0070 6.3
 */
public final class Idr6 {
    public static final Layout IDR6 = new Layout("IDR6", 1);

    public static final Field CMDQ_CONTROL_PAGE_LOG2NUMQ = IDR6.bits("CMDQ_CONTROL_PAGE_LOG2NUMQ", 0, 19, 16);
    public static final Field CMDQ_CONTROL_PAGE_LOG2NUMP = IDR6.bits("CMDQ_CONTROL_PAGE_LOG2NUMP", 0, 27, 24);

    private Idr6() {
    }
}
