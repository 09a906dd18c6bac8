// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.List;
import lazaret.iommu.Iopf;
import lazaret.iommu.Mm;
import lazaret.iommu.Prot;
import lazaret.kernel.Errno;
import lazaret.machine.Unmodelled;

/**
 * The address space of a process, walked by the SMMU where the CPUs walk it, under a tag of the SMMU's own.
 * What is mapped is the process's business: it tells when something goes.
 *
 * @kernel arm_smmu_sva_domain_alloc
 * @req R7 R130
 */
public final class SvaDomain extends SmmuDomain implements Mm.Notifier, Iopf.Handler {
    private final Mm mm;

    SvaDomain(SmmuDevice smmu, int asid, Mm mm) {
        super(smmu, asid, mm.name());
        this.mm = mm;
        mm.get();
        mm.register(this);
    }

    @Override
    public long ttb() {
        return mm.root();
    }

    @Override
    public Errno map(long iova, long pa, long size, Prot prot) {
        return Errno.EOPNOTSUPP;
    }

    @Override
    public long unmap(long iova, long size) {
        throw new Unmodelled("unmapping in the IOMMU what a process has mapped");
    }

    /** @kernel iommu_sva_handle_mm */
    @Override
    public boolean fault(long address) {
        life().touch();
        return mm.fault(address);
    }

    /** @kernel arm_smmu_mm_arch_invalidate_secondary_tlbs */
    @Override
    public void invalidate(long start, long last) {
        forget(start, last, List.of());
    }

    /**
     * Descriptors that refuse everything, quietly: devices may not have heard yet that the process has ended.
     * Then nothing of the tables is remembered anywhere.
     *
     * @kernel arm_smmu_mm_release
     */
    @Override
    public void release() {
        smmu().quiesce(this);
        forget(0, (1L << Cds.IAS) - 1, List.of());
    }

    /** Nobody is told any more when the reference goes: the tables may go with it. */
    @Override
    protected void freeTables() {
        mm.unregister(this);
        super.freeTables();
        mm.put();
    }

    @Override
    void freeTable() {
        // they are the process's
    }
}
