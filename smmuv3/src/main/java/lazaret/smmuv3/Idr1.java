// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * Sizes: stream and substream ids, queues; what is preset.
 *
 * @spec IHI0070 6.3
 */
public final class Idr1 {
    public static final Layout IDR1 = new Layout("IDR1", 1);

    public static final Field SIDSIZE        = IDR1.bits("SIDSIZE",        0,  5,  0);
    public static final Field SSIDSIZE       = IDR1.bits("SSIDSIZE",       0, 10,  6);
    public static final Field PRIQS          = IDR1.bits("PRIQS",          0, 15, 11);
    public static final Field EVENTQS        = IDR1.bits("EVENTQS",        0, 20, 16);
    public static final Field CMDQS          = IDR1.bits("CMDQS",          0, 25, 21);
    public static final Field ATTR_PERMS_OVR = IDR1.bit ("ATTR_PERMS_OVR", 0, 26);
    public static final Field ATTR_TYPES_OVR = IDR1.bit ("ATTR_TYPES_OVR", 0, 27);
    public static final Field REL            = IDR1.bit ("REL",            0, 28);
    public static final Field QUEUES_PRESET  = IDR1.bit ("QUEUES_PRESET",  0, 29);
    public static final Field TABLES_PRESET  = IDR1.bit ("TABLES_PRESET",  0, 30);
    public static final Field ECMDQ          = IDR1.bit ("ECMDQ",          0, 31);

    private Idr1() {
    }
}
