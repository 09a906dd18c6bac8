// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * Dormant or not.
 *
 * @spec IHI0070 6.3
 */
public final class Statusr {
    public static final Layout STATUSR = new Layout("STATUSR", 1);

    public static final Field DORMANT = STATUSR.bit ("DORMANT", 0, 0);

    private Statusr() {
    }
}
