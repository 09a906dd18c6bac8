// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.ArrayList;
import java.util.List;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.TlbRange;

/**
 * TLB invalidation. All of it is synced before it returns: what comes after may rely on it.
 *
 * @kernel arm_smmu_inv_to_cmdq_batch
 */
final class Tlb {
    private static final long PAGE = 4096;
    /** Stage-1-only streams carry this tag. */
    private static final int VMID = 0;

    private final Cmdq cmdq;
    private final int limit;

    Tlb(Cmdq cmdq, SmmuSetup setup) {
        this.cmdq = cmdq;
        limit = setup.tlbiLimit();
    }

    /** Pages of one address space, by address or, when they are many, all of it. */
    Synced range(int asid, long start, long last) {
        long pages = (last >>> 12) - (start >>> 12) + 1;
        if (pages > limit) {
            return asid(asid);
        }
        List<Command> commands = new ArrayList<>();
        for (long i = 0; i < pages; i++) {
            commands.add(new Command.TlbiNhVa(VMID, asid, (start & -PAGE) + i * PAGE, true, TlbRange.NONE));
        }
        return cmdq.submit(commands);
    }

    /** Everything of one address space; afterwards the tag is free. @kernel arm_smmu_tlb_inv_asid */
    Synced asid(int asid) {
        return cmdq.submit(List.of(new Command.TlbiNhAsid(VMID, asid)));
    }
}
