// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.Arrays;
import lazaret.machine.Footprint;

/**
 * For each label the shared cells that were ever touched behind it, and those that were touched behind it or
 * behind whatever came later: what a strand may do next, and what it may do at all from where it stands. Made
 * of all that {@link Sharing} has learnt when a pass begins, and constant in that pass.
 */
final class Reach {
    private final LongMap cells = new LongMap();
    private final LongMap labels = new LongMap();
    /** By label: sets of cells. */
    private Cells[] own = new Cells[1 << 8];
    private Cells[] later = new Cells[1 << 8];
    /** Which label comes after which, in pairs. */
    private int[] edges = new int[1 << 8];
    private int ends;
    private int cell;
    private int points;

    /** The next touches are of this cell. */
    void cell(long id) {
        cell = cells.index(id);
    }

    void touches(long label, boolean writes) {
        int at = label(label);
        own[at].add(cell, writes);
    }

    void follows(long before, long after) {
        if (ends == edges.length) {
            edges = Arrays.copyOf(edges, ends * 2);
        }
        int from = label(before);
        edges[ends++] = from;
        edges[ends++] = label(after);
    }

    /** Nothing is known of that label but that it was met. */
    void met(long label) {
        label(label);
    }

    /** All was said. */
    void close() {
        for (int i = 0; i < labels.size(); i++) {
            points += own[i].isEmpty() ? 0 : 1;
            later[i] = own[i].copy();
        }
        boolean more = true;
        while (more) {
            more = false;
            for (int i = ends - 2; i >= 0; i -= 2) {
                more |= later[edges[i]].addAll(later[edges[i + 1]]);
            }
        }
    }

    /** How many labels touch shared cells. */
    int points() {
        return points;
    }

    boolean isShared(long label) {
        int at = labels.find(label);
        return at >= 0 && !own[at].isEmpty();
    }

    /** Is that label known at all? */
    boolean knows(long label) {
        return labels.find(label) >= 0;
    }

    /** The number of a cell, −1 if it is not shared. */
    int bit(long id) {
        return cells.find(id);
    }

    /** What is touched next by somebody at this label, which is known. */
    Cells next(long label) {
        return own[labels.find(label)];
    }

    /** What may be touched, from there on. */
    Cells later(long label) {
        return later[labels.find(label)];
    }

    /** Was it known that from the one label the other may come? */
    boolean covers(long before, long after) {
        int a = labels.find(before);
        int b = labels.find(after);
        return a >= 0 && b >= 0 && later[a].containsAll(later[b]);
    }

    /** Shared cells among those that were looked at. */
    Cells shared(Footprint looked) {
        Cells some = new Cells();
        for (int i = 0; i < looked.reads(); i++) {
            int bit = cells.find(looked.read(i));
            if (bit >= 0) {
                some.add(bit, false);
            }
        }
        return some;
    }

    private int label(long label) {
        int at = labels.index(label);
        if (at >= own.length) {
            own = Arrays.copyOf(own, at * 2);
            later = Arrays.copyOf(later, at * 2);
        }
        if (own[at] == null) {
            own[at] = new Cells();
        }
        return at;
    }
}
