// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * Attributes of accesses to tables and queues; without effect, memory is coherent.
 *
 * @spec IHI0070 6.3
 */
public final class Cr1 {
    public static final Layout CR1 = new Layout("CR1", 1);

    public static final Field QUEUE_IC = CR1.bits("QUEUE_IC", 0,  1,  0);
    public static final Field QUEUE_OC = CR1.bits("QUEUE_OC", 0,  3,  2);
    public static final Field QUEUE_SH = CR1.bits("QUEUE_SH", 0,  5,  4);
    public static final Field TABLE_IC = CR1.bits("TABLE_IC", 0,  7,  6);
    public static final Field TABLE_OC = CR1.bits("TABLE_OC", 0,  9,  8);
    public static final Field TABLE_SH = CR1.bits("TABLE_SH", 0, 11, 10);

    private Cr1() {
    }
}
