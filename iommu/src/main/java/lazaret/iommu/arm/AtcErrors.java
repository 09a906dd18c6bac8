// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.List;
import java.util.stream.IntStream;
import lazaret.kernel.Kernel;
import lazaret.kernel.Shared;
import lazaret.smmuv3.Queue;

/**
 * At which SYNCs, by slot, the hardware reported unanswered ATC invalidations. Whoever handles the error
 * writes it here before it is acknowledged, that is before the SYNC can be consumed; its issuer looks after
 * that. A slot is cleared when it is issued again, which is after it was consumed: a record never reaches a
 * later user of the slot. No lock, no allocation.
 */
final class AtcErrors {
    private final Queue q;
    private final List<Shared> words;

    AtcErrors(Kernel kernel, Queue q, String name) {
        this.q = q;
        words = IntStream.rangeClosed(0, (q.size() - 1) / Long.SIZE)
                .mapToObj(_ -> new Shared(kernel, name + " atc_errors", 0)).toList();
    }

    void record(int slot) {
        word(slot).fetchOr(bit(slot));
    }

    /** Nobody can tell whose error it is: it is everybody's. */
    void recordAll() {
        words.forEach(word -> word.fetchOr(-1L));
    }

    void clear(int slot) {
        word(slot).fetchAndNot(bit(slot));
    }

    boolean testAndClear(int slot) {
        boolean recorded = (word(slot).readOnce() & bit(slot)) != 0;
        if (recorded) {
            clear(slot);
        }
        return recorded;
    }

    private Shared word(int slot) {
        return words.get(q.idx(slot) / Long.SIZE);
    }

    private long bit(int slot) {
        return 1L << q.idx(slot) % Long.SIZE;
    }
}
