// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.ArrayList;
import java.util.List;
import lazaret.smmuv3.AtcSpan;

/**
 * Masters that were asked together to drop a range from their ATCs, and the answer, which says nothing about
 * a single one of them.
 *
 * @param asked  in the order of their stream ids
 * @param synced the worst that their SYNCs had to say
 * @param tookUs how long they had to say it
 */
public record AtcRound(Atc atc, List<Master> asked, AtcSpan span, Synced synced, long tookUs) {
    public AtcRound {
        asked = List.copyOf(asked);
    }

    /** Asks each for the same again, with a SYNC of its own: those who do not answer now. @req R74 R81 */
    public List<Master> silent() {
        List<Master> silent = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            Master master = asked.get(i);
            if (!master.muted() && !atc.answersAlone(master, span)) {
                silent.add(master);
            }
        }
        return silent;
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
