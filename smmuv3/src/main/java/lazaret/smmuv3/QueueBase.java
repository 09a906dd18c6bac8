// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * Address and size of a queue: CMDQ_BASE, EVENTQ_BASE, PRIQ_BASE.
 *
 * @spec IHI0070 6.3
 */
public final class QueueBase {
    public static final Layout Q_BASE = new Layout("Q_BASE", 1);

    public static final Field LOG2SIZE = Q_BASE.bits("LOG2SIZE", 0,  4,  0);
    public static final Field ADDR     = Q_BASE.bits("ADDR",     0, 55,  5);
    public static final Field RA       = Q_BASE.bit ("RA",       0, 62);

    private QueueBase() {
    }
}
