// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

import java.util.Arrays;

/**
 * What one step touched: the cells it read, and those it changed. Recorded while the step ran, so a store of
 * the value that was there and a compare-and-exchange that failed are reads by construction. Two steps of
 * different strands whose footprints do not conflict commute: either order leads to the same state, and each
 * does in the second place what it does in the first.
 */
public final class Footprint {
    /** A step that touched nothing. */
    public static final Footprint NOTHING = new Footprint(new long[0], new long[0]);

    private final long[] reads;
    private final long[] writes;
    private final long readBits;
    private final long writeBits;

    /** @param reads ids that were read and not written; both arrays are sorted and kept */
    Footprint(long[] reads, long[] writes) {
        this.reads = reads;
        this.writes = writes;
        readBits = bits(reads);
        writeBits = bits(writes);
    }

    /** Does the order of these two steps matter, or might it? */
    public boolean conflicts(Footprint other) {
        return (writeBits & (other.readBits | other.writeBits)) != 0 && meet(writes, other.writes)
                || (writeBits & other.readBits) != 0 && meet(writes, other.reads)
                || (readBits & other.writeBits) != 0 && meet(reads, other.writes);
    }

    /** What both did together. */
    public Footprint with(Footprint other) {
        if (other.reads.length + other.writes.length == 0) {
            return this;
        }
        long[] allWrites = union(writes, other.writes);
        return new Footprint(without(union(reads, other.reads), allWrites), allWrites);
    }

    public boolean readOnly() {
        return writes.length == 0;
    }

    /** How many cells were read and not changed. */
    public int reads() {
        return reads.length;
    }

    public long read(int index) {
        return reads[index];
    }

    /** How many cells were changed. */
    public int writes() {
        return writes.length;
    }

    public long write(int index) {
        return writes[index];
    }

    private static long bits(long[] ids) {
        long bits = 0;
        for (long id : ids) {
            bits |= 1L << (Mix.of(id) & 63);
        }
        return bits;
    }

    private static boolean meet(long[] a, long[] b) {
        int i = 0;
        int j = 0;
        while (i < a.length && j < b.length) {
            if (a[i] == b[j]) {
                return true;
            }
            if (a[i] < b[j]) {
                i++;
            } else {
                j++;
            }
        }
        return false;
    }

    private static long[] union(long[] a, long[] b) {
        long[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        Arrays.sort(both);
        int n = 0;
        for (int i = 0; i < both.length; i++) {
            if (i == 0 || both[i] != both[i - 1]) {
                both[n++] = both[i];
            }
        }
        return Arrays.copyOf(both, n);
    }

    private static long[] without(long[] all, long[] some) {
        long[] rest = new long[all.length];
        int n = 0;
        for (long id : all) {
            if (Arrays.binarySearch(some, id) < 0) {
                rest[n++] = id;
            }
        }
        return Arrays.copyOf(rest, n);
    }

    @Override
    public String toString() {
        return "reads " + Arrays.toString(reads) + " writes " + Arrays.toString(writes);
    }
}
