// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import lazaret.smmuv3.Idr0;
import lazaret.smmuv3.Idr1;
import lazaret.smmuv3.Idr5;

/**
 * What the SMMU says it can do.
 *
 * @param stage1   stage 1 with VMSAv8-64 tables and the 4 KiB granule
 * @param stage2   stage 2 with the same, by itself or behind stage 1
 * @param coherent sees what CPUs store without cache maintenance
 * @param stalls   can hold faulting transactions, so STEs must forbid it to PCIe streams
 * @param ssidBits how many bits of PASID streams may have, as far as the driver makes tables for them
 * @param priqLog2 log2 of the most page requests that it queues, -1 if it takes none
 * @param oas      output address size, coded
 * @kernel arm_smmu_device_hw_probe
 */
record Features(boolean stage1, boolean stage2, boolean coherent, boolean ats, boolean stalls,
        boolean twoLevel, int asidBits, int sidBits, int ssidBits, int cmdqLog2, int eventqLog2,
        int priqLog2, int oas) {
    private static final int VMSAV8_64 = 2;
    private static final int TERMINATE_ONLY = 1;

    static Features of(int idr0, int idr1, int idr5) {
        boolean format = (Idr0.TTF.get(idr0) & VMSAV8_64) != 0 && Idr5.GRAN4K.test(idr5);
        return new Features(
                Idr0.S1P.test(idr0) && format,
                Idr0.S2P.test(idr0) && format,
                Idr0.COHACC.test(idr0),
                Idr0.ATS.test(idr0),
                Idr0.STALL_MODEL.get(idr0) != TERMINATE_ONLY,
                Idr0.ST_LEVEL.get(idr0) != 0,
                Idr0.ASID16.test(idr0) ? 16 : 8,
                Idr1.SIDSIZE.getInt(idr1),
                Math.min(Idr1.SSIDSIZE.getInt(idr1), CdTable.maxBits(Idr0.CD2L.test(idr0))),
                Idr1.CMDQS.getInt(idr1),
                Idr1.EVENTQS.getInt(idr1),
                Idr0.PRI.test(idr0) ? Idr1.PRIQS.getInt(idr1) : -1,
                Idr5.OAS.getInt(idr5));
    }
}
