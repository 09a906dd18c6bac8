// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * States met, by key, each with a word: who slept when it was met. A flat open table, 16 bytes a slot, at
 * most three quarters full.
 */
final class Visited {
    private long[] keys = new long[1 << 10];
    private long[] words = new long[1 << 10];
    private int count;
    private int slot;

    int size() {
        return count;
    }

    /** Is {@code key} there? Afterwards {@link #word} and {@link #put} mean this one. */
    boolean find(long key) {
        long sought = key == 0 ? 1 : key;
        int mask = keys.length - 1;
        int i = (int) sought & mask;
        while (keys[i] != sought && keys[i] != 0) {
            i = i + 1 & mask;
        }
        slot = i;
        if (keys[i] != 0) {
            return true;
        }
        if ((count + 1) * 4L > keys.length * 3L) {
            grow();
            return find(key);
        }
        keys[i] = sought;
        count++;
        return false;
    }

    /**
     * Somebody is at {@code key} and leaves out {@code asleep}.
     *
     * @return what all who were there before have left out, −1 if nobody was
     */
    long meet(long key, long asleep) {
        if (!find(key)) {
            put(asleep);
            return -1;
        }
        long before = word();
        put(before & asleep);
        return before;
    }

    long word() {
        return words[slot];
    }

    void put(long word) {
        words[slot] = word;
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldWords = words;
        keys = new long[oldKeys.length * 2];
        words = new long[keys.length];
        int mask = keys.length - 1;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                int at = (int) oldKeys[i] & mask;
                while (keys[at] != 0) {
                    at = at + 1 & mask;
                }
                keys[at] = oldKeys[i];
                words[at] = oldWords[i];
            }
        }
    }

    /** Keys and their words in turn. */
    void write(DataOutput to) throws IOException {
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != 0) {
                to.writeLong(keys[i]);
                to.writeLong(words[i]);
            }
        }
    }

    /** All keys, in order of their value. */
    long[] sorted() {
        long[] all = Arrays.stream(keys).filter(k -> k != 0).toArray();
        Arrays.sort(all);
        return all;
    }
}
