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
    private long[] ids = new long[1 << 8];
    private long[] names = new long[1 << 8];
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
        if (cell >= ids.length) {
            ids = Arrays.copyOf(ids, cell * 2);
        }
        ids[cell] = id;
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

    /**
     * Would a search that took this for all there is have decided the same, or more carefully, had it known
     * {@code newer}? What {@link Persistent} asks is answered alike for all labels that were known, those
     * that were not it took for dependent on all; and no point at which software ran on is one of {@code
     * newer}'s shared ones.
     */
    boolean isAsGoodAs(Reach newer) {
        for (int b = 0; b < newer.labels.size(); b++) {
            if (Sharing.isPoint(newer.names[b]) && newer.isShared(newer.names[b])
                    && !isShared(newer.names[b])) {
                return false;
            }
        }
        int[] there = new int[labels.size()];
        for (int a = 0; a < there.length; a++) {
            there[a] = newer.labels.find(names[a]);
        }
        return conflictsAlike(newer, there) && wakesAlike(newer, there);
    }

    private boolean conflictsAlike(Reach newer, int[] there) {
        for (int a = 0; a < there.length; a++) {
            Cells now = own[a];
            Cells then = newer.own[there[a]];
            for (int b = 0; b < there.length && !then.isEmpty(); b++) {
                if (now.conflicts(later[b]) != then.conflicts(newer.later[there[b]])
                        || now.conflicts(own[b]) != then.conflicts(newer.own[there[b]])) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Of each cell that decides whether somebody may step: the same labels lead to a change of it. */
    private boolean wakesAlike(Reach newer, int[] there) {
        Cells asked = newer.asked();
        for (int cell = 0; cell < newer.cells.size(); cell++) {
            int here = cells.find(newer.ids[cell]);
            for (int b = 0; b < there.length && asked.reads(cell); b++) {
                if (later[b].writes(here) != newer.later[there[b]].writes(cell)) {
                    return false;
                }
            }
        }
        return true;
    }

    private Cells asked() {
        Cells all = new Cells();
        for (int i = 0; i < labels.size(); i++) {
            if (Sharing.isAsked(names[i])) {
                all.addAll(own[i]);
            }
        }
        return all;
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
            names = Arrays.copyOf(names, at * 2);
        }
        names[at] = label;
        if (own[at] == null) {
            own[at] = new Cells();
        }
        return at;
    }
}
