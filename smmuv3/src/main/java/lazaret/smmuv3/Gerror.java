// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * Global errors. GERRORN has the same fields; an error is active while the two differ.
 *
 * @spec IHI0070 6.3
 */
public final class Gerror {
    public static final Layout GERROR = new Layout("GERROR", 1);

    public static final Field CMDQ_ERR           = GERROR.bit ("CMDQ_ERR",           0,  0);
    public static final Field EVENTQ_ABT_ERR     = GERROR.bit ("EVENTQ_ABT_ERR",     0,  2);
    public static final Field PRIQ_ABT_ERR       = GERROR.bit ("PRIQ_ABT_ERR",       0,  3);
    public static final Field MSI_CMDQ_ABT_ERR   = GERROR.bit ("MSI_CMDQ_ABT_ERR",   0,  4);
    public static final Field MSI_EVENTQ_ABT_ERR = GERROR.bit ("MSI_EVENTQ_ABT_ERR", 0,  5);
    public static final Field MSI_PRIQ_ABT_ERR   = GERROR.bit ("MSI_PRIQ_ABT_ERR",   0,  6);
    public static final Field MSI_GERROR_ABT_ERR = GERROR.bit ("MSI_GERROR_ABT_ERR", 0,  7);
    public static final Field SFM_ERR            = GERROR.bit ("SFM_ERR",            0,  8);
    public static final Field CMDQP_ERR          = GERROR.tag ("CMDQP_ERR",          0,  9,  9);
    public static final Field DPT_ERR            = GERROR.tag ("DPT_ERR",            0, 10, 10);

    /** One bit for each active error. */
    public static int active(int gerror, int gerrorn) {
        return gerror ^ gerrorn;
    }

    private Gerror() {
    }
}
