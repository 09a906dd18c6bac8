// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * How far the SMMU has written events (EVENTQ_PROD) or page requests (PRIQ_PROD).
 *
 * @spec IHI0070 6.3
 */
public final class OutqProd {
    public static final Layout Q_PROD = new Layout("Q_PROD", 1);

    public static final Field WR    = Q_PROD.bits("WR",    0, 19,  0);
    public static final Field OVFLG = Q_PROD.bit ("OVFLG", 0, 31);

    private OutqProd() {
    }
}
