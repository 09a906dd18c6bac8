// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import java.util.List;
import lazaret.machine.Coded;
import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * Stream table entry: what the SMMU does with the traffic of one stream. The fields are static; the record is
 * what somebody read of one entry, word by word. Memory attributes are plain fields without effect: there is
 * one coherent memory. Stage-2 fields are tags, legality reads them nevertheless.
 *
 * @spec IHI0070 5.2
 */
public record Ste(long w0, long w1, long w2, long w3, long w4, long w5, long w6, long w7) {
    public static final Layout STE = new Layout("STE", 8);

    public static final Field V            = STE.bit ("V",            0,  0);
    public static final Field CONFIG       = STE.bits("Config",       0,  3,  1, Config.class);
    public static final Field S1FMT        = STE.bits("S1Fmt",        0,  5,  4, S1Fmt.class);
    public static final Field S1CONTEXTPTR = STE.bits("S1ContextPtr", 0, 55,  6);
    public static final Field S1CDMAX      = STE.bits("S1CDMax",      0, 63, 59);

    public static final Field S1DSS        = STE.bits("S1DSS",        1,  1,  0, S1Dss.class);
    public static final Field S1CIR        = STE.bits("S1CIR",        1,  3,  2);
    public static final Field S1COR        = STE.bits("S1COR",        1,  5,  4);
    public static final Field S1CSH        = STE.bits("S1CSH",        1,  7,  6);
    public static final Field S2HWU        = STE.tag ("S2HWU",        1, 11,  8);
    public static final Field DRE          = STE.tag ("DRE",          1, 12, 12);
    public static final Field CONT         = STE.bits("CONT",         1, 16, 13);
    public static final Field DCP          = STE.tag ("DCP",          1, 17, 17);
    public static final Field PPAR         = STE.bit ("PPAR",         1, 18);
    public static final Field MEV          = STE.bit ("MEV",          1, 19);
    public static final Field IMPDEF       = STE.tag ("IMPDEF",       1, 23, 20);
    public static final Field S1PIE        = STE.tag ("S1PIE",        1, 24, 24);
    public static final Field S2FWB        = STE.tag ("S2FWB",        1, 25, 25);
    public static final Field S1MPAM       = STE.tag ("S1MPAM",       1, 26, 26);
    public static final Field S1STALLD     = STE.bit ("S1STALLD",     1, 27);
    public static final Field EATS         = STE.bits("EATS",         1, 29, 28, Eats.class);
    public static final Field STRW         = STE.bits("STRW",         1, 31, 30, Strw.class);
    public static final Field MEMATTR      = STE.bits("MemAttr",      1, 35, 32);
    public static final Field MTCFG        = STE.bit ("MTCFG",        1, 36);
    public static final Field ALLOCCFG     = STE.bits("ALLOCCFG",     1, 40, 37);
    public static final Field SHCFG        = STE.bits("SHCFG",        1, 45, 44, ShCfg.class);
    public static final Field NSCFG        = STE.bits("NSCFG",        1, 47, 46);
    public static final Field PRIVCFG      = STE.bits("PRIVCFG",      1, 49, 48, PrivCfg.class);
    public static final Field INSTCFG      = STE.bits("INSTCFG",      1, 51, 50, InstCfg.class);

    public static final Field S2VMID       = STE.bits("S2VMID",       2, 15,  0);
    public static final Field S2T0SZ       = STE.bits("S2T0SZ",       2, 37, 32);
    public static final Field S2SL0        = STE.bits("S2SL0",        2, 39, 38);
    public static final Field S2IR0        = STE.bits("S2IR0",        2, 41, 40);
    public static final Field S2OR0        = STE.bits("S2OR0",        2, 43, 42);
    public static final Field S2SH0        = STE.bits("S2SH0",        2, 45, 44);
    public static final Field S2TG         = STE.bits("S2TG",         2, 47, 46);
    public static final Field S2PS         = STE.bits("S2PS",         2, 50, 48);
    public static final Field S2AA64       = STE.bit ("S2AA64",       2, 51);
    public static final Field S2ENDI       = STE.tag ("S2ENDI",       2, 52, 52);
    public static final Field S2AFFD       = STE.bit ("S2AFFD",       2, 53);
    public static final Field S2PTW        = STE.bit ("S2PTW",        2, 54);
    public static final Field S2HD         = STE.bit ("S2HD",         2, 55);
    public static final Field S2HA         = STE.bit ("S2HA",         2, 56);
    public static final Field S2S          = STE.bit ("S2S",          2, 57);
    public static final Field S2R          = STE.bit ("S2R",          2, 58);
    public static final Field S2HAFT       = STE.tag ("S2HAFT",       2, 59, 59);
    public static final Field S2PIE        = STE.tag ("S2PIE",        2, 60, 60);
    public static final Field S2POE        = STE.tag ("S2POE",        2, 61, 61);
    public static final Field DPT_VMATCH   = STE.tag ("DPT_VMATCH",   2, 63, 62);

    public static final Field S2SL0_2      = STE.tag ("S2SL0_2",      3,  2,  2);
    public static final Field S2DS         = STE.tag ("S2DS",         3,  3,  3);
    public static final Field S2TTB        = STE.bits("S2TTB",        3, 51,  4);
    public static final Field S2SKL        = STE.tag ("S2SKL",        3, 62, 61);

    public static final Field PARTID       = STE.tag ("PARTID",       4, 31, 16);

    public static final Field PMG          = STE.tag ("PMG",          5,  7,  0);
    public static final Field MPAM_NS      = STE.tag ("MPAM_NS",      5,  8,  8);
    public static final Field VMSPTR       = STE.tag ("VMSPtr",       5, 55, 12);

    public static final Field S2POI        = STE.tag ("S2POI",        7, 63,  0);

    /** Bytes of an entry. */
    public static final int SIZE = 64;

    /** Which stages translate. Codes 1 to 3 mean {@link #ABORT} too. */
    public enum Config implements Coded {
        ABORT(0), BYPASS(4), S1_TRANS(5), S2_TRANS(6), NESTED(7);

        private static final Config[] ALL = values();

        private final int code;

        Config(int code) {
            this.code = code;
        }

        @Override
        public int code() {
            return code;
        }

        public boolean stage1() {
            return this == S1_TRANS || this == NESTED;
        }

        public boolean stage2() {
            return this == S2_TRANS || this == NESTED;
        }

        static Config of(int code) {
            return code < 4 ? ABORT : ALL[code - 3];
        }
    }

    /**
     * Shape of the CD table: one array, or leaves of 4 KiB or 64 KiB under an array of {@link L1Cd}. Code 3
     * means 0.
     */
    public enum S1Fmt implements Coded {
        LINEAR, LEAF_4K, LEAF_64K;

        private static final S1Fmt[] ALL = values();

        @Override
        public int code() {
            return ordinal();
        }

        /** log2 of the CDs in one leaf. */
        public int split() {
            return switch (this) {
                case LINEAR -> 32;
                case LEAF_4K -> 6;
                case LEAF_64K -> 10;
            };
        }
    }

    /** What becomes of traffic without substream where the stream has substreams. Code 3 means 0. */
    public enum S1Dss implements Coded {
        TERMINATE, BYPASS, SSID0;

        private static final S1Dss[] ALL = values();

        @Override
        public int code() {
            return ordinal();
        }
    }

    /**
     * May the stream use ATS? {@code S1CHK} hands out IPAs and translates them again, {@code DPT} checks
     * permissions.
     */
    public enum Eats implements Coded {
        ABT, TRANS, S1CHK, DPT;

        private static final Eats[] ALL = values();

        @Override
        public int code() {
            return ordinal();
        }
    }

    /** Exception level the stream's stage 1 belongs to. */
    public enum Strw implements Coded {
        NSEL1(0), EL2(2);

        private final int code;

        Strw(int code) {
            this.code = code;
        }

        @Override
        public int code() {
            return code;
        }
    }

    /** Shareability of bypassing traffic. */
    public enum ShCfg implements Coded {
        NSH, INCOMING, OSH, ISH;

        @Override
        public int code() {
            return ordinal();
        }
    }

    /** Overrides privileged/unprivileged. Code 1 means 0. */
    public enum PrivCfg implements Coded {
        INCOMING(0), UNPRIV(2), PRIV(3);

        private static final PrivCfg[] ALL = values();

        private final int code;

        PrivCfg(int code) {
            this.code = code;
        }

        @Override
        public int code() {
            return code;
        }
    }

    /** Overrides instruction/data of reads. Code 1 means 0. */
    public enum InstCfg implements Coded {
        INCOMING(0), DATA(2), INST(3);

        private static final InstCfg[] ALL = values();

        private final int code;

        InstCfg(int code) {
            this.code = code;
        }

        @Override
        public int code() {
            return code;
        }
    }

    /** The entry in {@code words}, eight of them. */
    public static Ste of(long... words) {
        return new Ste(words[0], words[1], words[2], words[3], words[4], words[5], words[6], words[7]);
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

    /** This entry with one field replaced. */
    public Ste with(Field field, long value) {
        long[] w = words();
        w[field.word()] = field.put(w[field.word()], value);
        return of(w);
    }

    public Ste with(Field field, Coded value) {
        return with(field, value.code());
    }

    public boolean valid() {
        return V.test(w0);
    }

    public Config config() {
        return Config.of(CONFIG.getInt(w0));
    }

    public S1Fmt s1Fmt() {
        return S1Fmt.ALL[S1FMT.getInt(w0) % 3];
    }

    public S1Dss s1Dss() {
        return S1Dss.ALL[S1DSS.getInt(w1) % 3];
    }

    /** The field as written; what it amounts to depends on the SMMU. */
    public Eats eats() {
        return Eats.ALL[EATS.getInt(w1)];
    }

    public PrivCfg privCfg() {
        int code = PRIVCFG.getInt(w1);
        return code < 2 ? PrivCfg.INCOMING : PrivCfg.ALL[code - 1];
    }

    /**
     * With those overrides of what a transaction is that an SMMU with these registers heeds.
     *
     * @spec IHI0070 6.3
     */
    Ste heeded(Idr idr) {
        boolean overrides = PRIVCFG.test(w1) || INSTCFG.test(w1);
        return !overrides || idr.has(Idr1.ATTR_PERMS_OVR) ? this : with(PRIVCFG, 0).with(INSTCFG, 0);
    }

    public InstCfg instCfg() {
        int code = INSTCFG.getInt(w1);
        return code < 2 ? InstCfg.INCOMING : InstCfg.ALL[code - 1];
    }

    /** Physical address of the CD table. */
    public long s1ContextPtr() {
        return S1CONTEXTPTR.in(w0);
    }

    /**
     * Number of words, from the first, that an entry with this word 0 makes the SMMU look at. The rest is
     * ignored, so a walk does not fetch it.
     */
    public static int used(long w0) {
        if (!V.test(w0)) {
            return 1;
        }
        return switch (Config.of(CONFIG.getInt(w0))) {
            case ABORT -> 1;
            case BYPASS -> 2;
            case S1_TRANS -> 3;
            case S2_TRANS, NESTED -> 8;
        };
    }

    @Override
    public String toString() {
        return STE.print(words());
    }
}
