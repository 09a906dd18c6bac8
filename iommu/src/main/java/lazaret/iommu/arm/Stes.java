// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import lazaret.smmuv3.Ste;

/** What a stream table entry shall be. Pure: a new array of eight words each time. */
final class Stes {
    /** Write-back, read-allocate: how CDs are fetched. */
    private static final int WBRA = 1;
    /** Inner shareable. */
    private static final int ISH = 3;
    /** Bits of an address that a guest takes for physical. */
    static final int IPA_BITS = 40;
    /** The walk of stage 2 starts at level 0. */
    private static final int SL0 = 2;

    private Stes() { }

    /** Nothing passes, nothing is reported. @kernel arm_smmu_make_abort_ste */
    static long[] abort() {
        return ste(Ste.V.prep(true) | Ste.CONFIG.prep(Ste.Config.ABORT), 0);
    }

    /** Addresses pass as they are. @kernel arm_smmu_make_bypass_ste */
    static long[] bypass() {
        return ste(Ste.V.prep(true) | Ste.CONFIG.prep(Ste.Config.BYPASS), Ste.SHCFG.prep(Ste.ShCfg.INCOMING));
    }

    /**
     * Stage 1 through the context descriptor at {@code cd}.
     *
     * @param eats   may the stream use ATS?
     * @param stalls does the SMMU know stalls, so that they must be forbidden to a PCIe stream?
     * @kernel arm_smmu_make_cdtable_ste
     */
    static long[] s1(long cd, Ste.Eats eats, boolean stalls) {
        return ste(
                Ste.V.prep(true)
                        | Ste.CONFIG.prep(Ste.Config.S1_TRANS)
                        | Ste.S1FMT.prep(Ste.S1Fmt.LINEAR)
                        | Ste.S1CONTEXTPTR.in(cd),
                Ste.S1DSS.prep(Ste.S1Dss.SSID0)
                        | Ste.S1CIR.prep(WBRA)
                        | Ste.S1COR.prep(WBRA)
                        | Ste.S1CSH.prep(ISH)
                        | Ste.S1STALLD.prep(stalls)
                        | Ste.EATS.prep(eats)
                        | Ste.STRW.prep(Ste.Strw.NSEL1));
    }

    /**
     * The same entry, but there are more descriptors, and DMA without PASID does not have to go through the
     * first one.
     *
     * @param bits log2 of their number
     */
    static long[] withPasids(long[] s1, Ste.S1Fmt fmt, int bits, Ste.S1Dss dss) {
        long[] ste = s1.clone();
        ste[0] = Ste.S1CDMAX.put(Ste.S1FMT.put(ste[0], fmt), bits);
        ste[1] = Ste.S1DSS.put(ste[1], dss);
        ste[1] = dss == Ste.S1Dss.BYPASS ? Ste.SHCFG.put(ste[1], Ste.ShCfg.INCOMING) : ste[1];
        return ste;
    }

    /**
     * Stage 2 alone, through four levels of 4 KiB tables from {@code ttb}; faults abort and are reported.
     *
     * @param ps   output address size, coded as IDR5.OAS
     * @param eats may the stream use ATS, as far as the host is concerned?
     * @kernel arm_smmu_make_s2_domain_ste
     */
    static long[] s2(long ttb, int vmid, int ps, Ste.Eats eats) {
        long[] ste = ste(
                Ste.V.prep(true) | Ste.CONFIG.prep(Ste.Config.S2_TRANS),
                Ste.EATS.prep(eats) | Ste.SHCFG.prep(Ste.ShCfg.INCOMING));
        ste[2] = Ste.S2VMID.prep(vmid)
                | Ste.S2T0SZ.prep(64 - IPA_BITS)
                | Ste.S2SL0.prep(SL0)
                | Ste.S2IR0.prep(WBRA)
                | Ste.S2OR0.prep(WBRA)
                | Ste.S2SH0.prep(ISH)
                | Ste.S2PS.prep(ps)
                | Ste.S2AA64.prep(true)
                | Ste.S2PTW.prep(true)
                | Ste.S2R.prep(true);
        ste[3] = Ste.S2TTB.in(ttb);
        return ste;
    }

    private static long[] ste(long w0, long w1) {
        return new long[] {w0, w1, 0, 0, 0, 0, 0, 0};
    }
}
