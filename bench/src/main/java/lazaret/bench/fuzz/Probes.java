// SPDX-License-Identifier: Apache-2.0
package lazaret.bench.fuzz;

import java.util.Arrays;

/** Where instrumented code counts how often it came by. */
public final class Probes {
    /** Room for so many places. */
    static final int ROOM = 1 << 15;

    private static final byte[] HITS = new byte[ROOM];

    private Probes() { }

    /** Called by instrumented code: place {@code id} was reached. */
    public static void hit(int id) {
        byte now = HITS[id];
        if (now != Byte.MAX_VALUE) {
            HITS[id] = (byte) (now + 1);
        }
    }

    static void clear() {
        Arrays.fill(HITS, (byte) 0);
    }

    /** How often the place was reached since it was cleared: one bit for once, twice, a few times, often. */
    static int reached(int id) {
        int hits = HITS[id];
        return hits <= 2 ? hits : hits < 8 ? 4 : hits < 32 ? 8 : 16;
    }
}
