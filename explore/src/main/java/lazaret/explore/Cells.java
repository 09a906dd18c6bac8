// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.Arrays;

/** A set of cells by number, each read or written. */
final class Cells {
    private long[] reads = new long[0];
    private long[] writes = new long[0];

    void add(int cell, boolean write) {
        int word = cell >> 6;
        if (word >= reads.length) {
            widen(word + 1);
        }
        (write ? writes : reads)[word] |= 1L << cell;
    }

    /** Did that make a difference? */
    boolean addAll(Cells more) {
        if (more.reads.length > reads.length) {
            widen(more.reads.length);
        }
        boolean grew = false;
        for (int i = 0; i < more.reads.length; i++) {
            grew |= (more.reads[i] & ~reads[i] | more.writes[i] & ~writes[i]) != 0;
            reads[i] |= more.reads[i];
            writes[i] |= more.writes[i];
        }
        return grew;
    }

    boolean containsAll(Cells some) {
        for (int i = 0; i < some.reads.length; i++) {
            long r = i < reads.length ? reads[i] : 0;
            long w = i < writes.length ? writes[i] : 0;
            if ((some.reads[i] & ~r | some.writes[i] & ~w) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Is there a cell that both touch and one of them writes? */
    boolean conflicts(Cells other) {
        for (int i = Math.min(reads.length, other.reads.length) - 1; i >= 0; i--) {
            if ((writes[i] & (other.reads[i] | other.writes[i]) | reads[i] & other.writes[i]) != 0) {
                return true;
            }
        }
        return false;
    }

    boolean reads(int cell) {
        return has(reads, cell);
    }

    boolean writes(int cell) {
        return has(writes, cell);
    }

    private static boolean has(long[] set, int cell) {
        int word = cell >> 6;
        return cell >= 0 && word < set.length && (set[word] >>> cell & 1) != 0;
    }

    boolean isEmpty() {
        for (int i = 0; i < reads.length; i++) {
            if ((reads[i] | writes[i]) != 0) {
                return false;
            }
        }
        return true;
    }

    Cells copy() {
        Cells copy = new Cells();
        copy.addAll(this);
        return copy;
    }

    private void widen(int words) {
        reads = Arrays.copyOf(reads, words);
        writes = Arrays.copyOf(writes, words);
    }
}
