// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.List;
import lazaret.iommu.Domain;
import lazaret.smmuv3.Ste;

/**
 * The tables that DMA without PASID goes through: those of a domain, a guest's before them or not.
 *
 * @param guest null: none
 */
record Stages(SmmuDomain domain, GuestSte guest) {
    /** Null for a domain without tables, and for one that is not of this driver. */
    static Stages of(Domain domain) {
        return switch (domain) {
            case null -> null;
            case NestedDomain nested -> new Stages(nested.vm(), nested.guest());
            case SmmuDomain paging -> new Stages(paging, null);
            case Domain.Paging _, Domain.Nested _, Domain.Identity _, Domain.Blocked _ -> null;
        };
    }

    /** Are they those of the host's descriptors? */
    boolean isStage1() {
        return domain.isStage1();
    }

    /** The guest has to agree: it sends the ATC_INVs for what it unmaps itself. */
    boolean mayUseAts() {
        return guest == null || guest.wantsAts();
    }

    /** Whatever has to forget about the domain on behalf of {@code master}. */
    List<Inv.Key> keys(Master master, boolean ats) {
        return ats ? List.of(domain.tag(), atc(master)) : List.of(domain.tag());
    }

    /** What has to forget in the device itself. */
    Inv.Key atc(Master master) {
        return guest == null ? Inv.Key.ats(master, Cds.NO_PASID) : Inv.Key.atsFull(master);
    }

    /** @kernel arm_smmu_make_nested_domain_ste @req R132 */
    long[] ste(Entries entries, boolean ats) {
        return switch (domain) {
            case VmDomain vm when guest == null -> s2(vm, ats);
            case VmDomain vm -> guest.over(s2(vm, ats));
            case SmmuDomain _ -> entries.s1(ats);
        };
    }

    private static long[] s2(VmDomain vm, boolean ats) {
        return Stes.s2(vm.ttb(), vm.vmid(), vm.smmu().features().oas(), ats ? Ste.Eats.TRANS : Ste.Eats.ABT);
    }
}
