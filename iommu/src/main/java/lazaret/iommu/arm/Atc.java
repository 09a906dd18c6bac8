// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.ArrayList;
import java.util.List;
import lazaret.smmuv3.AtcSpan;
import lazaret.smmuv3.Command;

/**
 * ATC invalidation: asks devices to forget. A device may be broken and not answer. Then it is the design's
 * turn, on the CPU that asked and before that CPU returns to whoever freed the memory, who is told nothing:
 * no caller of unmap could do anything about it.
 *
 * @kernel arm_smmu_atc_inv_master
 */
public final class Atc {
    private final Cmdq cmdq;
    private final SmmuDesign design;

    Atc(Cmdq cmdq, SmmuDesign design) {
        this.cmdq = cmdq;
        this.design = design;
    }

    /** All devices that the array names. What the TLB held is gone already. Any context. */
    void flush(Invs invs, AtcSpan span) {
        List<Master> masters = new ArrayList<>();
        for (int i = 0; i < invs.size(); i++) {
            Inv inv = invs.get(i);
            if (inv.key().kind() == Inv.Kind.ATS && inv.inUse() && !design.skipsInFlush(inv.master())) {
                masters.add(inv.master());
            }
        }
        settle(masters, span);
    }

    /** Everything of one device, for its attach and detach. Says whether it is known to be empty. */
    boolean master(Master master) {
        return !design.skipsInAttach(master) && settle(List.of(master), AtcSpan.EVERYTHING);
    }

    private boolean settle(List<Master> masters, AtcSpan span) {
        if (masters.isEmpty()) {
            return true;
        }
        Synced synced = ask(masters, span);
        if (design.positive(synced)) {
            return true;
        }
        design.onAtcTimeout(new AtcRound(this, masters, span, synced));
        return false;
    }

    Synced ask(List<Master> masters, AtcSpan span) {
        List<Command> commands = new ArrayList<>();
        for (int i = 0; i < masters.size(); i++) {
            int sid = masters.get(i).sid();
            commands.add(new Command.AtcInv(sid, false, 0, false, span.address(), span.size()));
        }
        return cmdq.submit(commands);
    }

    /** A SYNC and nothing else. */
    Synced drain() {
        return cmdq.submit(List.of());
    }
}
