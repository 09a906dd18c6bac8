// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * How far software has read events (EVENTQ_CONS) or page requests (PRIQ_CONS).
 *
 * @spec IHI0070 6.3
 */
public final class OutqCons {
    public static final Layout Q_CONS = new Layout("Q_CONS", 1);

    public static final Field RD       = Q_CONS.bits("RD",       0, 19,  0);
    public static final Field OVACKFLG = Q_CONS.bit ("OVACKFLG", 0, 31);

    private OutqCons() {
    }
}
