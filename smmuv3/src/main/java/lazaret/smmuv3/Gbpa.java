// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * What happens to traffic while the SMMU is off.
 *
 * @spec IHI0070 6.3
 */
public final class Gbpa {
    public static final Layout GBPA = new Layout("GBPA", 1);

    public static final Field MEMATTR  = GBPA.bits("MemAttr",  0,  3,  0);
    public static final Field MTCFG    = GBPA.bit ("MTCFG",    0,  4);
    public static final Field ALLOCCFG = GBPA.bits("ALLOCCFG", 0, 11,  8);
    public static final Field SHCFG    = GBPA.bits("SHCFG",    0, 13, 12, Ste.ShCfg.class);
    public static final Field PRIVCFG  = GBPA.bits("PRIVCFG",  0, 17, 16, Ste.PrivCfg.class);
    public static final Field INSTCFG  = GBPA.bits("INSTCFG",  0, 19, 18, Ste.InstCfg.class);
    public static final Field ABORT    = GBPA.bit ("ABORT",    0, 20);
    public static final Field UPDATE   = GBPA.bit ("Update",   0, 31);

    private Gbpa() {
    }
}
