// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * Who made it.
 *
 * @spec IHI0070 6.3
 */
public final class Iidr {
    public static final Layout IIDR = new Layout("IIDR", 1);

    public static final Field IMPLEMENTER = IIDR.bits("Implementer", 0, 11,  0);
    public static final Field REVISION    = IIDR.bits("Revision",    0, 15, 12);
    public static final Field VARIANT     = IIDR.bits("Variant",     0, 19, 16);
    public static final Field PRODUCTID   = IIDR.bits("ProductID",   0, 31, 20);

    private Iidr() {
    }
}
