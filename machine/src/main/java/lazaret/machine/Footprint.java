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
    public static final Footprint NOTHING = new Footprint(new long[0], new long[0],
            new long[0], new long[0]);

    private final long[] reads;
    private final long[] read;
    private final long[] writes;
    private final long[] replaced;
    private final long readBits;
    private final long writeBits;

    /**
     * The arrays are sorted by id, and kept.
     *
     * @param reads    ids that were read and not written
     * @param read     what was read there
     * @param replaced what was there before the writes
     */
    Footprint(long[] reads, long[] read, long[] writes, long[] replaced) {
        this.reads = reads;
        this.read = read;
        this.writes = writes;
        this.replaced = replaced;
        readBits = bits(reads);
        writeBits = bits(writes);
    }

    /** One that was written down: ids of cells read and written, and for each what was there before. */
    public static Footprint of(long[] reads, long[] read, long[] writes, long[] replaced) {
        return new Footprint(reads, read, writes, replaced);
    }

    /** Does the order of these two steps matter, or might it? */
    public boolean conflicts(Footprint other) {
        return (writeBits & (other.readBits | other.writeBits)) != 0 && meet(writes, other.writes)
                || (writeBits & other.readBits) != 0 && meet(writes, other.reads)
                || (readBits & other.writeBits) != 0 && meet(reads, other.writes);
    }

    /** Has this one written what {@code other} only read, or might it have? False is certain. */
    public boolean mayChange(Footprint other) {
        return (writeBits & other.readBits) != 0;
    }

    /** What both did together, this one first. */
    public Footprint with(Footprint later) {
        if (later.size() == 0) {
            return this;
        }
        if (size() == 0) {
            return later;
        }
        Touched both = new Touched(size() + later.size());
        addTo(both);
        later.addTo(both);
        return both.footprint();
    }

    private int size() {
        return reads.length + writes.length;
    }

    private void addTo(Touched both) {
        for (int i = 0; i < reads.length; i++) {
            both.read(reads[i], read[i]);
        }
        for (int i = 0; i < writes.length; i++) {
            both.write(writes[i], replaced[i]);
        }
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

    /** What was read there, or its hash. */
    public long valueRead(int index) {
        return read[index];
    }

    /** How many cells were changed. */
    public int writes() {
        return writes.length;
    }

    public long write(int index) {
        return writes[index];
    }

    /** Where {@code id} stands among the writes; negative if it was not written. */
    public int written(long id) {
        return Arrays.binarySearch(writes, id);
    }

    /** What was there before the step wrote, or its hash. */
    public long valueReplaced(int index) {
        return replaced[index];
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

    @Override
    public String toString() {
        return "reads " + Arrays.toString(reads) + " writes " + Arrays.toString(writes);
    }
}
