// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import lazaret.machine.Field;
import lazaret.smmuv3.Cd;
import lazaret.smmuv3.Ste;

/** Which bits of a table entry hardware looks at: what is not used may be changed under its eyes. */
final class EntryUse {
    private static final long STE_ALWAYS = Ste.V.mask();
    private static final long STE_S1_0 = mask(Ste.S1FMT, Ste.S1CONTEXTPTR, Ste.S1CDMAX);
    private static final long STE_S1_1 = mask(Ste.S1DSS, Ste.S1CIR, Ste.S1COR, Ste.S1CSH, Ste.S1STALLD,
            Ste.EATS, Ste.STRW, Ste.MEV);
    private static final long STE_S2_1 = mask(Ste.EATS, Ste.MEV, Ste.SHCFG);
    private static final long STE_BYPASS_1 = mask(Ste.SHCFG, Ste.MTCFG, Ste.MEMATTR, Ste.ALLOCCFG,
            Ste.PRIVCFG, Ste.INSTCFG);
    private static final long CD_TTB1_0 = mask(Cd.T1SZ, Cd.TG1, Cd.IR1, Cd.OR1, Cd.SH1);

    private EntryUse() { }

    /** @kernel arm_smmu_get_ste_used */
    static long ste(int word, long[] ste) {
        if (!Ste.V.test(ste[0])) {
            return word == 0 ? STE_ALWAYS : 0;
        }
        Ste.Config config = Ste.of(ste).config();
        return switch (word) {
            case 0 -> STE_ALWAYS | Ste.CONFIG.mask() | (config.stage1() ? STE_S1_0 : 0);
            case 1 -> switch (config) {
                case ABORT -> 0;
                case BYPASS -> STE_BYPASS_1;
                case S1_TRANS -> STE_S1_1 | (Ste.of(ste).s1Dss() == Ste.S1Dss.BYPASS ? Ste.SHCFG.mask() : 0);
                case S2_TRANS -> STE_S2_1;
                case NESTED -> STE_S1_1 | STE_S2_1;
            };
            case 2 -> switch (config) {
                case ABORT, BYPASS -> 0;
                case S1_TRANS -> Ste.S2VMID.mask();
                case S2_TRANS, NESTED -> -1L;
            };
            default -> config.stage2() ? -1L : 0;
        };
    }

    /**
     * Whether a stream may use ATS changes nothing about its other traffic.
     *
     * @kernel arm_smmu_get_ste_update_safe
     * @req R50
     */
    static long steUpdateSafe(int word) {
        return word == Ste.EATS.word() ? Ste.EATS.mask() : 0;
    }

    /** @kernel arm_smmu_get_cd_used */
    static long cd(int word, long[] cd) {
        if (!Cd.V.test(cd[0])) {
            return word == 0 ? Cd.V.mask() : 0;
        }
        boolean upper = !Cd.EPD1.test(cd[0]);
        return switch (word) {
            case 0 -> upper ? -1L : ~CD_TTB1_0;
            case 2 -> upper ? -1L : 0;
            default -> -1L;
        };
    }

    private static long mask(Field... fields) {
        long mask = 0;
        for (Field f : fields) {
            mask |= f.mask();
        }
        return mask;
    }
}
