// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.io.IOException;
import java.util.Arrays;
import lazaret.machine.Footprint;

/**
 * Strands whose next step need not be taken here, because it was taken before and everything since is
 * independent of it: what it leads to has been seen. Each with what that step touched.
 */
final class Sleepers {
    private int[] codes = new int[4];
    private Footprint[] prints = new Footprint[4];
    private int count;

    void clear() {
        count = 0;
    }

    void add(int code, Footprint print) {
        if (count == codes.length) {
            codes = Arrays.copyOf(codes, count * 2);
            prints = Arrays.copyOf(prints, count * 2);
        }
        codes[count] = code;
        prints[count++] = print;
    }

    boolean has(int code) {
        for (int i = 0; i < count; i++) {
            if (codes[i] == code) {
                return true;
            }
        }
        return false;
    }

    /** Those of {@code before} that a step of {@code chosen} does not wake. */
    void inherit(Sleepers before, int chosen, Footprint step) {
        count = 0;
        for (int i = 0; i < before.count; i++) {
            if (before.codes[i] != chosen && !before.prints[i].conflicts(step)) {
                add(before.codes[i], before.prints[i]);
            }
        }
    }

    void write(Scribe to) throws IOException {
        to.strands(codes, count);
        for (int i = 0; i < count; i++) {
            to.print(prints[i]);
        }
    }

    void read(Scribe.Reader from) throws IOException {
        clear();
        for (int code : from.strands()) {
            add(code, null);
        }
        for (int i = 0; i < count; i++) {
            prints[i] = from.print();
        }
    }

    /** Who of the enabled sleeps, by place. */
    long mask(Node node) {
        long mask = 0;
        for (int i = 0; i < count; i++) {
            int place = node.placeOf(codes[i]);
            if (place >= 0) {
                mask |= 1L << place;
            }
        }
        return mask;
    }
}
