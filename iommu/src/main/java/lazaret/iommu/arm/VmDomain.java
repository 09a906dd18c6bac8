// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

/**
 * The memory of a VM, by the addresses that the VM takes for physical: a stage 2. Devices go through it
 * directly, or through a stage 1 of the guest's first. Then they hold translations of addresses that the host
 * does not know: whatever is unmapped here, they are asked to forget all they have.
 *
 * @kernel ARM_SMMU_DOMAIN_S2
 * @req R7
 */
final class VmDomain extends SmmuDomain {
    VmDomain(SmmuDevice smmu, int vmid, long root) {
        super(smmu, vmid, smmu.name() + " vm " + vmid, root, PageTable.Format.STAGE_2);
    }

    int vmid() {
        return tag().id();
    }

    @Override
    Inv.Key tag() {
        return Inv.Key.vmid(asid());
    }

    @Override
    boolean isStage1() {
        return false;
    }

    @Override
    int bits() {
        return Stes.IPA_BITS;
    }

    @Override
    void freeTag() {
        smmu().freeVmid(vmid());
    }
}
