// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

import java.util.Arrays;

/** The footprint being recorded: an open table of cell ids, cleared by counting on. */
final class Touched {
    private long[] ids = new long[256];
    private long[] firsts = new long[256];
    private int[] stamps = new int[256];
    private boolean[] written = new boolean[256];
    private int stamp = 1;
    private int count;
    private int writes;

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
        for (int i = 0; i < ids.length; i++) {
            if (stamps[i] == stamp) {
                if (written[i]) {
                    w[nw++] = ids[i];
                } else {
                    r[nr++] = ids[i];
                }
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
        count++;
        return i;
    }

    private void grow() {
        long[] oldIds = ids;
        long[] oldFirsts = firsts;
        int[] oldStamps = stamps;
        boolean[] oldWritten = written;
        int old = stamp;
        ids = new long[oldIds.length * 2];
        firsts = new long[ids.length];
        stamps = new int[ids.length];
        written = new boolean[ids.length];
        stamp = 1;
        count = 0;
        for (int i = 0; i < oldIds.length; i++) {
            if (oldStamps[i] == old) {
                written[slot(oldIds[i], oldFirsts[i])] = oldWritten[i];
            }
        }
    }
}
