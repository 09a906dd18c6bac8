// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import lazaret.iommu.Domain;

/**
 * What a guest has written into one entry of its stream table. It does not change: when the guest writes
 * again, that is another domain, and the device is moved to it.
 *
 * @kernel arm_smmu_nested_domain
 * @req R7
 */
final class NestedDomain extends Domain.Nested {
    private final VmDomain vm;
    private final int number;
    private final GuestSte guest;

    /** @param guest validated */
    NestedDomain(VmDomain vm, int number, GuestSte guest) {
        super(vm.smmu().kernel(), vm.name() + " ste " + number, vm);
        this.vm = vm;
        this.number = number;
        this.guest = guest;
    }

    VmDomain vm() {
        return vm;
    }

    GuestSte guest() {
        return guest;
    }

    @Override
    public boolean wantsAts() {
        return guest.wantsAts();
    }

    @Override
    protected void freeNested() {
        vm.smmu().freeNest(number);
    }
}
