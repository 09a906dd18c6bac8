// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

/**
 * What translation sees of the registers, as register values.
 *
 * @param idr         what the SMMU is
 * @param streamTable what STRTAB_BASE and STRTAB_BASE_CFG say
 */
public record Regs(Idr idr, long cr0, long cr2, long gbpa, StreamTable streamTable) {
    public Regs(Idr idr, long cr0, long cr2, long gbpa, long strtabBase, long strtabBaseCfg) {
        this(idr, cr0, cr2, gbpa, StreamTable.of(strtabBase, strtabBaseCfg, idr.get(Idr1.SIDSIZE)));
    }

    public boolean smmuen() {
        return Cr0.SMMUEN.test(cr0);
    }

    /** Are translated transactions checked? */
    public boolean atschk() {
        return Cr0.ATSCHK.test(cr0) && idr.has(Idr0.ATS);
    }

    public boolean e2h() {
        return Cr2.E2H.test(cr2) && idr.has(Idr0.HYP);
    }

    /** Are transactions of unknown streams recorded? */
    public boolean recinvsid() {
        return Cr2.RECINVSID.test(cr2);
    }

    /** Are configuration mistakes recorded when ATS traffic meets them? */
    public boolean recCfgAts() {
        return Cr2.REC_CFG_ATS.test(cr2) && idr.has(Idr0.ATSRECERR);
    }
}
