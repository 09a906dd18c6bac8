// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import lazaret.smmuv3.Cd;

/** What a context descriptor shall be. Pure: a new array of eight words each time. */
final class Cds {
    /**
     * Memory types by index: 0 non-cacheable, 1 write-back, 2 device, 3 inner non-cacheable.
     *
     * @kernel ARM_LPAE_MAIR
     */
    static final long MAIR = 0xF404_FF44L;

    /** Input addresses have 48 bits: 64 − T0SZ. */
    static final int IAS = 48;

    /** The descriptor of DMA without PASID; no PASID has this number. @kernel IOMMU_NO_PASID */
    static final int NO_PASID = 0;

    private static final int WBWA = 1;
    private static final int ISH = 3;

    private Cds() { }

    /** No address space. */
    static long[] none() {
        return new long[8];
    }

    /**
     * The address space {@code s1} after the process has ended: no table is walked and no fault recorded.
     *
     * @kernel arm_smmu_make_sva_cd
     */
    static long[] ended(long[] s1) {
        long[] cd = s1.clone();
        cd[0] = Cd.R.put(Cd.EPD0.put(cd[0], 1), 0);
        return cd;
    }

    /**
     * Four levels of 4 KiB tables from {@code ttb}; faults abort and are reported.
     *
     * @param ips output address size, coded as IDR5.OAS
     * @kernel arm_smmu_make_s1_cd
     */
    static long[] s1(long ttb, int asid, int ips) {
        long w0 = Cd.T0SZ.prep(64 - IAS)
                | Cd.IR0.prep(WBWA)
                | Cd.OR0.prep(WBWA)
                | Cd.SH0.prep(ISH)
                | Cd.EPD1.prep(true)
                | Cd.V.prep(true)
                | Cd.IPS.prep(ips)
                | Cd.AA64.prep(true)
                | Cd.R.prep(true)
                | Cd.A.prep(true)
                | Cd.ASET.prep(true)
                | Cd.ASID.prep(asid);
        return new long[] {w0, Cd.TTB0.in(ttb), 0, MAIR, 0, 0, 0, 0};
    }
}
