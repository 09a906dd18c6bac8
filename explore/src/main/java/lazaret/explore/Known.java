// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.Arrays;
import lazaret.machine.Strand;

/** The strands of a run that have been met, numbered in the order in which that happened. */
final class Known {
    private Strand[] table = new Strand[64];
    private int[] numbers = new int[64];
    private int size;

    /** How many have been met; the next new one gets that number. */
    int size() {
        return size;
    }

    /** The number of {@code strand}, a new one if it has not been met. */
    int number(Strand strand) {
        int i = slot(strand);
        if (table[i] == null) {
            if (size * 2 >= table.length) {
                grow();
                i = slot(strand);
            }
            table[i] = strand;
            numbers[i] = size++;
        }
        return numbers[i];
    }

    /** Where the strand is or goes in an open table keyed by its name, which is hashed once in its life. */
    private int slot(Strand strand) {
        int mask = table.length - 1;
        int i = strand.name().hashCode() * 0x9E3779B9 >>> 16 & mask;
        while (table[i] != strand && table[i] != null) {
            i = i + 1 & mask;
        }
        return i;
    }

    private void grow() {
        Strand[] old = table;
        int[] before = numbers;
        table = new Strand[old.length * 2];
        numbers = new int[table.length];
        for (int i = 0; i < old.length; i++) {
            if (old[i] != null) {
                int at = slot(old[i]);
                table[at] = old[i];
                numbers[at] = before[i];
            }
        }
    }

    /** {@code some}, with room for whoever has been met. */
    int[] room(int[] some) {
        return size <= some.length ? some : Arrays.copyOf(some, size * 2);
    }

    /** {@code some}, with room for whoever has been met. */
    long[] room(long[] some) {
        return size <= some.length ? some : Arrays.copyOf(some, size * 2);
    }
}
