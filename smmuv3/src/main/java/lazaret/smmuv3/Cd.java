// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * Context descriptor: the stage-1 address space of one substream. The fields are static; the record is what
 * somebody read of one descriptor, word by word. Cacheability and shareability of table walks are plain
 * fields without effect.
 *
 * @spec IHI0070 5.4
 */
public record Cd(long w0, long w1, long w2, long w3, long w4, long w5, long w6, long w7) {
    public static final Layout CD = new Layout("CD", 8);

    public static final Field T0SZ   = CD.bits("T0SZ",   0,  5,  0);
    public static final Field TG0    = CD.bits("TG0",    0,  7,  6);
    public static final Field IR0    = CD.bits("IR0",    0,  9,  8);
    public static final Field OR0    = CD.bits("OR0",    0, 11, 10);
    public static final Field SH0    = CD.bits("SH0",    0, 13, 12);
    public static final Field EPD0   = CD.bit ("EPD0",   0, 14);
    public static final Field ENDI   = CD.tag ("ENDI",   0, 15, 15);
    public static final Field T1SZ   = CD.bits("T1SZ",   0, 21, 16);
    public static final Field TG1    = CD.bits("TG1",    0, 23, 22);
    public static final Field IR1    = CD.bits("IR1",    0, 25, 24);
    public static final Field OR1    = CD.bits("OR1",    0, 27, 26);
    public static final Field SH1    = CD.bits("SH1",    0, 29, 28);
    public static final Field EPD1   = CD.bit ("EPD1",   0, 30);
    public static final Field V      = CD.bit ("V",      0, 31);
    public static final Field IPS    = CD.bits("IPS",    0, 34, 32);
    public static final Field AFFD   = CD.bit ("AFFD",   0, 35);
    public static final Field WXN    = CD.bit ("WXN",    0, 36);
    public static final Field UWXN   = CD.bit ("UWXN",   0, 37);
    public static final Field TBI0   = CD.bit ("TBI0",   0, 38);
    public static final Field TBI1   = CD.bit ("TBI1",   0, 39);
    public static final Field PAN    = CD.bit ("PAN",    0, 40);
    public static final Field AA64   = CD.bit ("AA64",   0, 41);
    public static final Field HD     = CD.bit ("HD",     0, 42);
    public static final Field HA     = CD.bit ("HA",     0, 43);
    public static final Field S      = CD.bit ("S",      0, 44);
    public static final Field R      = CD.bit ("R",      0, 45);
    public static final Field A      = CD.bit ("A",      0, 46);
    public static final Field ASET   = CD.bit ("ASET",   0, 47);
    public static final Field ASID   = CD.bits("ASID",   0, 63, 48);

    public static final Field NSCFG0 = CD.bit ("NSCFG0", 1,  0);
    public static final Field HAD0   = CD.bit ("HAD0",   1,  1);
    public static final Field E0PD0  = CD.bit ("E0PD0",  1,  2);
    public static final Field HAFT   = CD.tag ("HAFT",   1,  3,  3);
    public static final Field TTB0   = CD.bits("TTB0",   1, 51,  4);
    public static final Field PNCH   = CD.tag ("PnCH",   1, 58, 58);
    public static final Field EPAN   = CD.bit ("EPAN",   1, 59);
    public static final Field HWU    = CD.bits("HWU",    1, 63, 60);

    public static final Field NSCFG1 = CD.bit ("NSCFG1", 2,  0);
    public static final Field HAD1   = CD.bit ("HAD1",   2,  1);
    public static final Field E0PD1  = CD.bit ("E0PD1",  2,  2);
    public static final Field AIE    = CD.tag ("AIE",    2,  3,  3);
    public static final Field TTB1   = CD.bits("TTB1",   2, 51,  4);
    public static final Field DS     = CD.tag ("DS",     2, 58, 58);
    public static final Field PIE    = CD.tag ("PIE",    2, 59, 59);

    public static final Field MAIR   = CD.bits("MAIR",   3, 63,  0);

    public static final Field AMAIR  = CD.tag ("AMAIR",  4, 63,  0);

    public static final Field PARTID = CD.tag ("PARTID", 5, 47, 32);
    public static final Field PMG    = CD.tag ("PMG",    5, 55, 48);

    public static final Field PIIU   = CD.tag ("PIIU",   6, 63,  0);

    public static final Field PIIP   = CD.tag ("PIIP",   7, 63,  0);

    /** Bytes of a descriptor. */
    public static final int SIZE = 64;

    /** The descriptor in {@code words}, eight of them. */
    public static Cd of(long... words) {
        return new Cd(words[0], words[1], words[2], words[3], words[4], words[5], words[6], words[7]);
    }

    /** A new array of the eight words. */
    public long[] words() {
        return new long[] {w0, w1, w2, w3, w4, w5, w6, w7};
    }

    public long word(int index) {
        return switch (index) {
            case 0 -> w0;
            case 1 -> w1;
            case 2 -> w2;
            case 3 -> w3;
            case 4 -> w4;
            case 5 -> w5;
            case 6 -> w6;
            case 7 -> w7;
            default -> throw new IndexOutOfBoundsException(index);
        };
    }

    public int get(Field field) {
        return field.getInt(word(field.word()));
    }

    public boolean test(Field field) {
        return field.test(word(field.word()));
    }

    /** This descriptor with one field replaced. */
    public Cd with(Field field, long value) {
        long[] w = words();
        w[field.word()] = field.put(w[field.word()], value);
        return of(w);
    }

    public boolean valid() {
        return V.test(w0);
    }

    public int asid() {
        return ASID.getInt(w0);
    }

    /** Number of words, from the first, that a descriptor with this word 0 makes the SMMU look at. */
    public static int used(long w0) {
        return V.test(w0) ? 4 : 1;
    }

    @Override
    public String toString() {
        return CD.print(words());
    }
}
