// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.ArrayList;
import java.util.List;
import lazaret.smmuv3.AtcSpan;

/**
 * Masters that were asked together to drop a range from their ATCs, and the answer, which says nothing about
 * a single one of them.
 */
public final class AtcRound {
    private final Atc atc;
    private final List<AtcTarget> targets;
    private final List<Master> asked;
    private final AtcSpan span;
    private final Synced synced;
    private final long tookUs;

    /**
     * @param targets in the order of their stream ids
     * @param synced  the worst that their SYNCs had to say
     * @param tookUs  how long they had to say it
     */
    AtcRound(Atc atc, List<AtcTarget> targets, AtcSpan span, Synced synced, long tookUs) {
        this.atc = atc;
        this.targets = List.copyOf(targets);
        asked = targets.stream().map(AtcTarget::master).distinct().toList();
        this.span = span;
        this.synced = synced;
        this.tookUs = tookUs;
    }

    /** Each once, in the order of their stream ids. */
    public List<Master> asked() {
        return asked;
    }

    /** Asks each for the same again, with a SYNC of its own: those who do not answer now. @req R74 R81 */
    public List<Master> silent() {
        List<Master> silent = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            Master master = asked.get(i);
            if (!master.muted() && !atc.answersAlone(of(master), span)) {
                silent.add(master);
            }
        }
        return silent;
    }

    private List<AtcTarget> of(Master master) {
        return targets.stream().filter(target -> target.master() == master).toList();
    }

    /** Has somebody else found one of them silent meanwhile? */
    public boolean explained() {
        for (int i = 0; i < asked.size(); i++) {
            if (asked.get(i).muted()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Asks nobody anything, long enough for answers to come in that were late once, and be dropped: while
     * none is waited for, none can be mistaken for another.
     */
    public void silence() {
        atc.pause(2 * tookUs);
    }

    /**
     * Nothing of this round can be reported at a later SYNC. When the round's own SYNC was not consumed, that
     * takes another one that is.
     */
    public boolean drained() {
        return synced.consumed() || atc.drain().consumed();
    }
}
