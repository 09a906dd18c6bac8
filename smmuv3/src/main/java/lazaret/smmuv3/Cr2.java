// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * EL2 with host extension, and which configuration errors are recorded.
 *
 * @spec IHI0070 6.3
 */
public final class Cr2 {
    public static final Layout CR2 = new Layout("CR2", 1);

    public static final Field E2H         = CR2.bit ("E2H",         0, 0);
    public static final Field RECINVSID   = CR2.bit ("RECINVSID",   0, 1);
    public static final Field PTM         = CR2.bit ("PTM",         0, 2);
    public static final Field REC_CFG_ATS = CR2.bit ("REC_CFG_ATS", 0, 3);

    private Cr2() {
    }
}
