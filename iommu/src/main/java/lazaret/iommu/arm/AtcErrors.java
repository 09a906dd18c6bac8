// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.List;
import java.util.stream.IntStream;
import lazaret.kernel.Kernel;
import lazaret.kernel.Shared;
import lazaret.smmuv3.Queue;

/**
 * At which SYNCs, by slot, the hardware reported unanswered ATC invalidations, and whether somebody is still
 * dealing with such a report.
 *
 * <p>Whoever handles the error records it before it is acknowledged, that is before the SYNC can be consumed;
 * its issuer takes the record after that. One that has stopped waiting abandons the slot instead, and a
 * record for it is not made any more. When a slot is issued again nothing of its past is left.
 *
 * <p>Each record stands for one mark in {@link #unsettled}, from the record until the issuer has dealt with
 * the devices it asked. Meanwhile no answer can be relied on: the root may have given the tag of the
 * invalidation that timed out to another one, and a device that answers late then answers for that one.
 *
 * <p>On the success path all of this costs one look at one word. No allocation, any context.
 *
 * @req R71
 */
final class AtcErrors {
    /**
     * Slots of one word, each with one bit for a record, one for an abandoned SYNC, one for a replacement.
     */
    private static final int SLOTS = 16;

    private final Queue q;
    private final List<Shared> words;
    /** Records made and not yet dealt with. */
    private final Shared unsettled;

    AtcErrors(Kernel kernel, Queue q, String name) {
        this.q = q;
        words = IntStream.rangeClosed(0, (q.size() - 1) / SLOTS)
                .mapToObj(_ -> new Shared(kernel, name + " atc_errors", 0)).toList();
        unsettled = new Shared(kernel, name + " unsettled", 0);
    }

    /** Under the lock of {@link Gerrors}. */
    void record(int slot) {
        long before = word(slot).readOnce();
        if ((before & (error(slot) | abandoned(slot))) == 0) {
            unsettled.add(1);
            word(slot).or(error(slot));
        }
    }

    /** The SYNC was consumed: was an error recorded at it? Then the caller has a mark to remove. */
    boolean take(int slot) {
        boolean recorded = (word(slot).readOnce() & error(slot)) != 0;
        if (recorded) {
            word(slot).andNot(error(slot));
        }
        return recorded;
    }

    /** The issuer waits no longer and takes the worst for granted. Under the lock of {@link Gerrors}. */
    void abandon(int slot) {
        if (take(slot)) {
            settled();
        } else {
            word(slot).or(abandoned(slot));
        }
    }

    /** A command was replaced by a SYNC for which nobody waits. Under the lock of {@link Gerrors}. */
    void replace(int slot) {
        word(slot).or(replacement(slot));
    }

    boolean isReplacement(int slot) {
        return (word(slot).readOnce() & replacement(slot)) != 0;
    }

    /** A slot is issued again. Hardware has consumed what was in it. */
    void renew(int slot) {
        long past = word(slot).readOnce() & (error(slot) | abandoned(slot) | replacement(slot));
        if (past != 0) {
            word(slot).andNot(past);
        }
    }

    /** Is somebody dealing with a time-out, or about to? */
    boolean isUnsettled() {
        return unsettled.readOnce() != 0;
    }

    /** As {@link #isUnsettled}, for conditions. */
    boolean peekUnsettled() {
        return unsettled.peek() != 0;
    }

    /** One time-out less. */
    void settled() {
        unsettled.add(-1);
    }

    private Shared word(int slot) {
        return words.get(q.idx(slot) / SLOTS);
    }

    private long error(int slot) {
        return 1L << q.idx(slot) % SLOTS;
    }

    private long abandoned(int slot) {
        return error(slot) << SLOTS;
    }

    private long replacement(int slot) {
        return error(slot) << 2 * SLOTS;
    }
}
