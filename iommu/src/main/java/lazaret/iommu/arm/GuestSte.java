// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import lazaret.kernel.Errno;
import lazaret.smmuv3.Ste;

/**
 * The two words of a stream table entry in which a guest says what its stage 1 shall be. All of it is the
 * guest's wish: what it may say is checked, and whether the stream may use ATS is decided by both.
 *
 * @kernel iommu_hwpt_arm_smmuv3
 */
record GuestSte(long w0, long w1) {
    private static final long MAY_SAY_0 = Ste.V.mask() | Ste.CONFIG.mask() | Ste.S1FMT.mask()
            | Ste.S1CONTEXTPTR.mask() | Ste.S1CDMAX.mask();
    /** What describes the guest's context descriptors. EATS is not among it. */
    private static final long STAGE1_1 = Ste.S1DSS.mask() | Ste.S1CIR.mask() | Ste.S1COR.mask()
            | Ste.S1CSH.mask() | Ste.S1STALLD.mask();

    /**
     * {@link Errno#EIO} for an entry that says what a guest may not say. One that is not valid is none: all
     * is refused, and what else it says is not looked at.
     *
     * @kernel arm_smmu_validate_vste
     */
    Errno validate() {
        if (!Ste.V.test(w0)) {
            return Errno.OK;
        }
        boolean beyond = (w0 & ~MAY_SAY_0) != 0 || (w1 & ~(STAGE1_1 | Ste.EATS.mask())) != 0;
        return beyond || asked().config().stage2() || !knownEats() ? Errno.EIO : Errno.OK;
    }

    private boolean knownEats() {
        return switch (asked().eats()) {
            case ABT, TRANS -> true;
            case S1CHK, DPT -> false;
        };
    }

    /**
     * The entry for hardware: the guest's stage 1 over the host's stage 2. ATS only if both say so; a host
     * that has fenced the stream says no, whatever the guest says and however often.
     *
     * @param s2 made by {@link Stes#s2}
     * @kernel arm_smmu_make_nested_domain_ste arm_smmu_make_nested_cd_table_ste
     * @req R132
     */
    long[] over(long[] s2) {
        if (!Ste.V.test(w0)) {
            return Stes.abort();
        }
        return switch (asked().config()) {
            case ABORT -> Stes.abort();
            case BYPASS -> words(s2[0], s2);
            case S1_TRANS -> words(Ste.CONFIG.put(w0, Ste.Config.NESTED), s2);
            case S2_TRANS, NESTED -> throw new IllegalArgumentException("not validated: " + asked());
        };
    }

    private long[] words(long first, long[] s2) {
        long[] ste = s2.clone();
        ste[0] = first;
        ste[1] |= Ste.of(ste).config().stage1() ? w1 & STAGE1_1 : 0;
        ste[1] = Ste.EATS.put(ste[1], both(s2) ? Ste.Eats.TRANS : Ste.Eats.ABT);
        return ste;
    }

    private boolean both(long[] s2) {
        return wantsAts() && Ste.of(s2).eats() == Ste.Eats.TRANS;
    }

    /** Does the guest let something pass, and by ATS too? Then it sends the ATC_INVs that this takes. */
    boolean wantsAts() {
        return Ste.V.test(w0) && asked().config() != Ste.Config.ABORT && asked().eats() == Ste.Eats.TRANS;
    }

    private Ste asked() {
        return Ste.of(w0, w1, 0, 0, 0, 0, 0, 0);
    }
}
