// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * Level-1 context descriptor: where the CDs of a range of substreams are.
 *
 * @spec IHI0070 5.3
 */
public final class L1Cd {
    public static final Layout L1CD = new Layout("L1CD", 1);

    public static final Field V     = L1CD.bit ("V",     0,  0);
    public static final Field L2PTR = L1CD.bits("L2Ptr", 0, 55, 12);

    private L1Cd() {
    }
}
