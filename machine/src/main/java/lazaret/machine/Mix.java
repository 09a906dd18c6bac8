// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

/** Hashing for state keys: 64 bits, the same in every JVM, every input bit into every output bit. */
public final class Mix {
    private static final long A = 0xBF58476D1CE4E5B9L;
    private static final long B = 0x94D049BB133111EBL;
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private Mix() { }

    /** One word, scattered; 0 is not its own hash. */
    public static long of(long word) {
        long z = word + STEP;
        z = (z ^ z >>> 30) * A;
        z = (z ^ z >>> 27) * B;
        return z ^ z >>> 31;
    }

    /** Two words in order: how a sequence is continued. */
    public static long of(long before, long word) {
        return of(Long.rotateLeft(before, 23) * A ^ of(word));
    }

    /** A text. */
    public static long of(String text) {
        long hash = text.length();
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * STEP;
            hash ^= hash >>> 29;
        }
        return of(hash);
    }
}
