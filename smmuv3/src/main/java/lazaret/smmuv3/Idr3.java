// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * Later features.
 *
 * @spec IHI0070 6.3
 */
public final class Idr3 {
    public static final Layout IDR3 = new Layout("IDR3", 1);

    public static final Field HAD     = IDR3.bit ("HAD",     0,  2);
    public static final Field PBHA    = IDR3.bit ("PBHA",    0,  3);
    public static final Field XNX     = IDR3.bit ("XNX",     0,  4);
    public static final Field PPS     = IDR3.bit ("PPS",     0,  5);
    public static final Field MPAM    = IDR3.bit ("MPAM",    0,  7);
    public static final Field FWB     = IDR3.bit ("FWB",     0,  8);
    public static final Field STT     = IDR3.bit ("STT",     0,  9);
    public static final Field RIL     = IDR3.bit ("RIL",     0, 10);
    public static final Field BBML    = IDR3.bits("BBML",    0, 12, 11);
    public static final Field E0PD    = IDR3.bit ("E0PD",    0, 13);
    public static final Field PTWNNC  = IDR3.bit ("PTWNNC",  0, 14);
    public static final Field DPT     = IDR3.bit ("DPT",     0, 15);
    public static final Field PASIDTT = IDR3.bit ("PASIDTT", 0, 16);
    public static final Field EPAN    = IDR3.bit ("EPAN",    0, 17);
    public static final Field S1PI    = IDR3.bit ("S1PI",    0, 18);
    public static final Field S2PI    = IDR3.bit ("S2PI",    0, 19);
    public static final Field S2PO    = IDR3.bit ("S2PO",    0, 20);
    public static final Field THE     = IDR3.bit ("THE",     0, 21);
    public static final Field MTEPERM = IDR3.bit ("MTEPERM", 0, 22);
    public static final Field AIE     = IDR3.bit ("AIE",     0, 23);

    private Idr3() {
    }
}
