// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.Arrays;
import java.util.function.LongConsumer;

/** A set of words: a flat open table, at most half full. */
final class LongSet {
    private long[] words = new long[1 << 8];
    private int size;

    int size() {
        return size;
    }

    boolean contains(long word) {
        return words[slot(words, word(word))] != 0;
    }

    /** False if it was there. */
    boolean add(long word) {
        long sought = word(word);
        int i = slot(words, sought);
        if (words[i] != 0) {
            return false;
        }
        words[i] = sought;
        size++;
        if (size * 2 > words.length) {
            grow();
        }
        return true;
    }

    void clear() {
        Arrays.fill(words, 0);
        size = 0;
    }

    void forEach(LongConsumer each) {
        for (long word : words) {
            if (word != 0) {
                each.accept(word);
            }
        }
    }

    /** All of them, in order of their value. */
    long[] sorted() {
        long[] all = Arrays.stream(words).filter(w -> w != 0).toArray();
        Arrays.sort(all);
        return all;
    }

    private static long word(long word) {
        return word == 0 ? Long.MIN_VALUE : word;
    }

    private static int slot(long[] words, long word) {
        int mask = words.length - 1;
        int i = (int) (word * 0x9E3779B97F4A7C15L >>> 32) & mask;
        while (words[i] != word && words[i] != 0) {
            i = i + 1 & mask;
        }
        return i;
    }

    private void grow() {
        long[] old = words;
        words = new long[old.length * 2];
        for (long word : old) {
            if (word != 0) {
                words[slot(words, word)] = word;
            }
        }
    }
}
