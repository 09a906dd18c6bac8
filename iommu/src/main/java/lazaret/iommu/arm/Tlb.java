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

    /** Pages of what {@code tag} stands for. */
    Synced range(Inv.Key tag, long start, long last) {
        return switch (tag.kind()) {
            case S1_ASID -> range(tag.id(), start, last);
            case S2_VMID -> ipas(tag.id(), start, last);
            case ATS, ATS_FULL -> throw noTag(tag);
        };
    }

    /** Everything of what {@code tag} stands for; afterwards the tag is free. */
    Synced all(Inv.Key tag) {
        return switch (tag.kind()) {
            case S1_ASID -> asid(tag.id());
            case S2_VMID -> cmdq.submit(List.of(new Command.TlbiS12Vmall(tag.id())));
            case ATS, ATS_FULL -> throw noTag(tag);
        };
    }

    private static RuntimeException noTag(Inv.Key key) {
        return new IllegalArgumentException(key + " is no tag of a TLB");
    }

    /**
     * Pages of one VM. What is remembered of both stages together is found by the guest's addresses, so all
     * of that goes; and only when stage 2 is forgotten, or it is made again from that.
     *
     * @spec IHI0070 4.4
     * @kernel INV_TYPE_S2_VMID_S1_CLEAR
     */
    private Synced ipas(int vmid, long start, long last) {
        long pages = (last >>> 12) - (start >>> 12) + 1;
        if (pages > limit) {
            return cmdq.submit(List.of(new Command.TlbiS12Vmall(vmid)));
        }
        List<Command> commands = new ArrayList<>();
        for (long i = 0; i < pages; i++) {
            commands.add(new Command.TlbiS2Ipa(vmid, (start & -PAGE) + i * PAGE, true, TlbRange.NONE));
        }
        Synced stage2 = cmdq.submit(commands);
        return stage2.and(cmdq.submit(List.of(new Command.TlbiNhAll(vmid))));
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
