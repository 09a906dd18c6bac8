// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

/** Numbers 0, 1, 2 … for words, in the order in which they come. */
final class LongMap {
    private long[] keys = new long[1 << 10];
    private int[] numbers = new int[1 << 10];
    private int size;

    int size() {
        return size;
    }

    /** The number of {@code word}, a new one if it has none. */
    int index(long word) {
        long key = word == 0 ? Long.MIN_VALUE : word;
        int i = slot(keys, key);
        if (keys[i] == 0) {
            if (size * 2 >= keys.length) {
                grow();
                i = slot(keys, key);
            }
            keys[i] = key;
            numbers[i] = size++;
        }
        return numbers[i];
    }

    /** The number of {@code word}, −1 if it has none. */
    int find(long word) {
        long key = word == 0 ? Long.MIN_VALUE : word;
        int i = slot(keys, key);
        return keys[i] == 0 ? -1 : numbers[i];
    }

    private static int slot(long[] keys, long key) {
        int mask = keys.length - 1;
        int i = (int) (key * 0x9E3779B97F4A7C15L >>> 32) & mask;
        while (keys[i] != key && keys[i] != 0) {
            i = i + 1 & mask;
        }
        return i;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldNumbers = numbers;
        keys = new long[oldKeys.length * 2];
        numbers = new int[keys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                int at = slot(keys, oldKeys[i]);
                keys[at] = oldKeys[i];
                numbers[at] = oldNumbers[i];
            }
        }
    }
}
