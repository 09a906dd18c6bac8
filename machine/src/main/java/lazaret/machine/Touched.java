// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

import java.util.Arrays;

/** The footprint being recorded: an open table of cell ids, cleared by counting on. */
final class Touched {
    private long[] ids;
    private long[] firsts;
    private int[] stamps;
    private boolean[] written;
    /** Where the ids stand, in the order in which they came. */
    private int[] used;
    private int stamp = 1;
    private int count;
    private int writes;

    /** @param atFirst so many cells have room from the beginning */
    Touched(int atFirst) {
        int size = Math.max(8, Integer.highestOneBit(atFirst) * 4);
        ids = new long[size];
        firsts = new long[size];
        stamps = new int[size];
        written = new boolean[size];
        used = new int[size];
    }

    void read(long id, long value) {
        slot(id, value);
    }

    void write(long id, long before) {
        int at = slot(id, before);
        if (!written[at]) {
            written[at] = true;
            writes++;
        }
    }

    void clear() {
        stamp++;
        count = 0;
        writes = 0;
    }

    /** All that was touched since {@link #clear}. */
    Footprint footprint() {
        if (count == 0) {
            return Footprint.NOTHING;
        }
        long[] w = new long[writes];
        long[] r = new long[count - writes];
        int nw = 0;
        int nr = 0;
        for (int k = 0; k < count; k++) {
            int i = used[k];
            if (written[i]) {
                w[nw++] = ids[i];
            } else {
                r[nr++] = ids[i];
            }
        }
        Arrays.sort(w);
        Arrays.sort(r);
        return new Footprint(r, firsts(r), w, firsts(w));
    }

    private long[] firsts(long[] of) {
        long[] values = new long[of.length];
        for (int i = 0; i < of.length; i++) {
            values[i] = firsts[slot(of[i], 0)];
        }
        return values;
    }

    private int slot(long id, long first) {
        int mask = ids.length - 1;
        int i = (int) (id * 0x9E3779B97F4A7C15L >>> 40) & mask;
        while (stamps[i] == stamp) {
            if (ids[i] == id) {
                return i;
            }
            i = i + 1 & mask;
        }
        if (count * 2 >= ids.length) {
            grow();
            return slot(id, first);
        }
        ids[i] = id;
        firsts[i] = first;
        stamps[i] = stamp;
        written[i] = false;
        used[count++] = i;
        return i;
    }

    private void grow() {
        long[] oldIds = ids;
        long[] oldFirsts = firsts;
        boolean[] oldWritten = written;
        int[] oldUsed = used;
        int many = count;
        ids = new long[oldIds.length * 2];
        firsts = new long[ids.length];
        stamps = new int[ids.length];
        written = new boolean[ids.length];
        used = new int[ids.length];
        stamp = 1;
        count = 0;
        for (int k = 0; k < many; k++) {
            int i = oldUsed[k];
            written[slot(oldIds[i], oldFirsts[i])] = oldWritten[i];
        }
    }
}
