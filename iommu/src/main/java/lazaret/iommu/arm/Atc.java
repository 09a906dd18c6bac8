// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import lazaret.kernel.Kernel;
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
    private final Kernel kernel;
    private final Cmdq cmdq;
    private final SmmuDesign design;

    Atc(Kernel kernel, Cmdq cmdq, SmmuDesign design) {
        this.kernel = kernel;
        this.cmdq = cmdq;
        this.design = design;
    }

    /** All devices that the array names. What the TLB held is gone already. Any context. */
    void flush(Invs invs, AtcSpan span) {
        List<AtcTarget> targets = new ArrayList<>();
        for (int i = 0; i < invs.size(); i++) {
            Inv inv = invs.get(i);
            if (inv.key().kind().isAtc() && inv.inUse()) {
                targets.add(inv.target());
            }
        }
        if (!design.asksOneByOne()) {
            settle(targets, span, design::skipsInFlush);
            return;
        }
        for (int i = 0; i < targets.size(); i++) {
            settle(List.of(targets.get(i)), span, design::skipsInFlush);
        }
    }

    /**
     * Everything of one PASID of a device, for its attach and detach. Says whether that is known to be gone.
     *
     * @req R54 R55 R66 R95
     */
    boolean master(Master master, int ssid) {
        return settle(List.of(new AtcTarget(master, ssid)), AtcSpan.EVERYTHING, design::skipsInAttach);
    }

    /** What a guest asks of one device. Says whether it is known to be done, for a muted device never. */
    boolean guest(AtcTarget target, AtcSpan span) {
        return settle(List.of(target), span, design::skipsInFlush);
    }

    /**
     * Asks those who are not skipped until the answer can be relied on, or it is no.
     *
     * @return whether all of them are known to have dropped the range
     */
    private boolean settle(List<AtcTarget> targets, AtcSpan span, Predicate<Master> skips) {
        return kernel.forgets().test(() -> ask(targets, span, skips));
    }

    private boolean ask(List<AtcTarget> targets, AtcSpan span, Predicate<Master> skips) {
        while (true) {
            List<AtcTarget> asked = without(targets, skips);
            if (asked.isEmpty()) {
                return targets.isEmpty();
            }
            long began = now();
            Synced synced = ask(asked, span);
            if (design.positive(synced)) {
                settled(synced);
                return asked.size() == targets.size();
            }
            if (synced != Synced.DOUBTFUL || !cmdq.awaitSettled()) {
                design.onAtcTimeout(new AtcRound(this, asked, span, synced, now() - began));
                settled(synced);
                return false;
            }
        }
    }

    private static List<AtcTarget> without(List<AtcTarget> targets, Predicate<Master> skips) {
        List<AtcTarget> rest = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            if (!skips.test(targets.get(i).master())) {
                rest.add(targets.get(i));
            }
        }
        return rest;
    }

    private void settled(Synced synced) {
        if (synced == Synced.ATC_TIMEOUT) {
            cmdq.settled();
        }
    }

    /** For whoever is dealing with a time-out: a late answer was to a question about the same range. */
    boolean answersAlone(List<AtcTarget> ofOne, AtcSpan span) {
        Synced synced = ask(ofOne, span);
        settled(synced);
        return synced == Synced.OK || synced == Synced.DOUBTFUL;
    }

    private Synced ask(List<AtcTarget> targets, AtcSpan span) {
        List<Command> commands = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            commands.add(targets.get(i).forget(span));
        }
        return cmdq.submit(commands);
    }

    void pause(long us) {
        kernel.udelay(us);
    }

    private long now() {
        return kernel.machine().clock().now();
    }

    /** A SYNC and nothing else. */
    Synced drain() {
        return cmdq.submit(List.of());
    }
}
