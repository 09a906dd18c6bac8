// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * What this SMMU can do: stages, formats, ATS, stalls, tables.
 *
 * @spec IHI0070 6.3
 */
public final class Idr0 {
    public static final Layout IDR0 = new Layout("IDR0", 1);

    public static final Field S2P         = IDR0.bit ("S2P",         0,  0);
    public static final Field S1P         = IDR0.bit ("S1P",         0,  1);
    public static final Field TTF         = IDR0.bits("TTF",         0,  3,  2);
    public static final Field COHACC      = IDR0.bit ("COHACC",      0,  4);
    public static final Field BTM         = IDR0.bit ("BTM",         0,  5);
    public static final Field HTTU        = IDR0.bits("HTTU",        0,  7,  6);
    public static final Field DORMHINT    = IDR0.bit ("DORMHINT",    0,  8);
    public static final Field HYP         = IDR0.bit ("Hyp",         0,  9);
    public static final Field ATS         = IDR0.bit ("ATS",         0, 10);
    public static final Field NS1ATS      = IDR0.bit ("NS1ATS",      0, 11);
    public static final Field ASID16      = IDR0.bit ("ASID16",      0, 12);
    public static final Field MSI         = IDR0.bit ("MSI",         0, 13);
    public static final Field SEV         = IDR0.bit ("SEV",         0, 14);
    public static final Field ATOS        = IDR0.bit ("ATOS",        0, 15);
    public static final Field PRI         = IDR0.bit ("PRI",         0, 16);
    public static final Field VMW         = IDR0.bit ("VMW",         0, 17);
    public static final Field VMID16      = IDR0.bit ("VMID16",      0, 18);
    public static final Field CD2L        = IDR0.bit ("CD2L",        0, 19);
    public static final Field VATOS       = IDR0.bit ("VATOS",       0, 20);
    public static final Field TTENDIAN    = IDR0.bits("TTENDIAN",    0, 22, 21);
    public static final Field ATSRECERR   = IDR0.bit ("ATSRECERR",   0, 23);
    public static final Field STALL_MODEL = IDR0.bits("STALL_MODEL", 0, 25, 24);
    public static final Field TERM_MODEL  = IDR0.bit ("TERM_MODEL",  0, 26);
    public static final Field ST_LEVEL    = IDR0.bits("ST_LEVEL",    0, 28, 27);
    public static final Field RME_IMPL    = IDR0.bit ("RME_IMPL",    0, 30);

    private Idr0() {
    }
}
