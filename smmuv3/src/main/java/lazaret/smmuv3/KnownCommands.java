// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

/**
 * Commands that were decoded before, by their two words: a queue sees the same ones again and again. What is
 * said of two words never changes for one SMMU, so what is known is no state of it, and may be forgotten.
 */
public final class KnownCommands {
    /** A power of two. */
    private static final int SLOTS = 64;

    /** @param legal does this SMMU execute it, reserved bits included? */
    public record Known(long w0, long w1, Command command, boolean legal) { }

    private final Known[] slots = new Known[SLOTS];

    /** What is known of the command in these words, null if nothing is. */
    public Known find(long w0, long w1) {
        Known known = slots[slot(w0, w1)];
        return known != null && known.w0 == w0 && known.w1 == w1 ? known : null;
    }

    /** Remembers what the words come to, in place of others maybe. */
    public Known learn(long w0, long w1, Command command, boolean legal) {
        Known known = new Known(w0, w1, command, legal);
        slots[slot(w0, w1)] = known;
        return known;
    }

    /** Pages, stream ids and operations that follow each other go to slots of their own. */
    private static int slot(long w0, long w1) {
        long mixed = w0 ^ w0 >>> 32 ^ w0 >>> 48 ^ w1 ^ w1 >>> 12;
        return (int) mixed & SLOTS - 1;
    }
}
