// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.List;
import lazaret.smmuv3.AtcSpan;

/**
 * Masters that were asked together to drop a range from their ATCs, and the answer, which says nothing about
 * a single one of them.
 *
 * @param asked  in the order of their stream ids
 * @param synced the worst that their SYNCs had to say
 */
public record AtcRound(Atc atc, List<Master> asked, AtcSpan span, Synced synced) {
    public AtcRound {
        asked = List.copyOf(asked);
    }

    /** Asks one master for the same again, with a SYNC of its own. Does it answer now? */
    public boolean answersAlone(Master master) {
        return atc.answersAlone(master, span);
    }

    /**
     * Nothing of this round can be reported at a later SYNC. When the round's own SYNC was not consumed, that
     * takes another one that is.
     */
    public boolean drained() {
        return synced.consumed() || atc.drain().consumed();
    }
}
