// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.List;
import lazaret.kernel.Held;
import lazaret.smmuv3.AtcSpan;

/**
 * A flush of a range of a domain, as a design is handed it: two steps whose order matters.
 *
 * @kernel arm_smmu_domain_inv_range
 */
public final class Flush {
    private final SmmuDomain domain;
    private final long start;
    private final long last;
    private final List<Long> pages;

    /** @param pages what was mapped there */
    Flush(SmmuDomain domain, long start, long last, List<Long> pages) {
        this.domain = domain;
        this.start = start;
        this.last = last;
        this.pages = pages;
    }

    public SmmuDevice smmu() {
        return domain.smmu();
    }

    /** The SMMU forgets; waits until it has. */
    public void tlb() {
        smmu().kernel().forgets().run(this::forget);
    }

    /** As {@link #tlb}; says whether it has: not when the queue stands still. */
    public boolean tlbForgot() {
        return smmu().kernel().forgets().test(this::forget);
    }

    private boolean forget() {
        boolean forgot = true;
        Invs invs = domain.invs();
        for (int i = 0; i < invs.size(); i++) {
            Inv inv = invs.get(i);
            if (!inv.key().kind().isAtc() && inv.inUse()) {
                forgot &= smmu().tlb().range(inv.key(), start, last).consumed();
            }
        }
        return forgot;
    }

    /**
     * The devices forget. Looks at the array again: a device attached since may have been served from the TLB
     * before that forgot.
     * <pre>
     *   flush                           attach                 device
     *   PTE := 0
     *   read array
     *                                   publish array
     *                                   STE, ATS on, ATC_INV
     *                                                          translation request, answered by the TLB
     *   TLBI, SYNC
     *   read array, find the device
     * </pre>
     *
     * @req R61 R62
     */
    public void atc() {
        if (domain.smmu().design().orders(Barrier.DESCRIPTOR_BEFORE_ARRAY)) {
            domain.smmu().kernel().smpMb();
        }
        Invs invs = domain.invs();
        if (!invs.hasAts()) {
            return;
        }
        try (Held _ = domain.atsLock().read()) {
            domain.smmu().atc().flush(invs, AtcSpan.of(start, last));
        }
    }

    // ---- when the queue stands still

    /** Nobody else gets the pages any more. */
    public void holdPages() {
        pages.forEach(smmu().kernel().pages()::hold);
    }

    /** The ports above the domain's ATS devices let nothing pass any more. */
    public void containDevices() {
        Invs invs = domain.invs();
        for (int i = 0; i < invs.size(); i++) {
            Inv inv = invs.get(i);
            if (inv.key().kind().isAtc() && inv.inUse()) {
                smmu().lastResort().contain(inv.target().master());
            }
        }
    }
}
