// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.Arrays;
import lazaret.machine.Footprint;
import lazaret.machine.Mix;

/**
 * Which scheduling points need be none, learnt from what steps touch.
 *
 * <p>A point announces what comes, and with whose strand it is that is its label. When nothing that ever
 * followed points of a label touched a cell that two strands touch and one of them changes, it makes no
 * difference who else steps at such a point: what follows it commutes with all that others do. A search
 * begins with no label shared, so that software runs on from one shared point to the next, and starts again
 * when it has met a cell that is shared after all. The last pass, which met none, is complete: a run with
 * finer steps that first touched a shared cell behind a point not taken for shared could be put in the order
 * of a coarse run that the pass made.
 *
 * <p>A step of hardware that touches nothing shared, whether it is enabled included, commutes with
 * everything and is taken at once; what hardware looked at to be enabled is its label.
 *
 * <p>Strands whose names agree up to a {@code #} follow each other (the handlers of one interrupt, the
 * lives of one worker) and count as one.
 */
final class Sharing {
    /** For what a strand looks at when it is asked whether it may step: that belongs to a decision. */
    static final long NO_LABEL = 0;

    private static final int WRITTEN = 1;
    private static final int SEVERAL = 2;
    private static final int SHARED = WRITTEN | SEVERAL;

    /** Labels at which others may step, in this pass; and those found meanwhile. */
    private final LongSet labels = new LongSet();
    private final LongSet found = new LongSet();
    /** Pairs of cell and label that are known, so that most touches are settled by one look. */
    private final LongSet known = new LongSet();
    private final LongMap cells = new LongMap();
    private long[] toucher = new long[1 << 10];
    private int[] state = new int[1 << 10];
    /** For each cell the labels that touched it, as chains. */
    private int[] first = new int[1 << 10];
    private long[] label = new long[1 << 10];
    private int[] next = new int[1 << 10];
    private int links = 1;

    static long kin(String name) {
        int hash = name.indexOf('#');
        return Mix.of(hash < 0 ? name : name.substring(0, hash));
    }

    static long label(long kin, int access, long resource) {
        return Mix.of(kin + access, resource);
    }

    /** Hardware announces nothing; what made it enabled stands for what it will do. */
    static long label(long kin, Footprint asked) {
        long label = kin;
        for (int i = 0; i < asked.reads(); i++) {
            label = Mix.of(Mix.of(label, asked.read(i)), asked.valueRead(i));
        }
        return label;
    }

    boolean isShared(long point) {
        return labels.contains(point);
    }

    /** Has this pass found labels that should have been shared? */
    boolean grew() {
        return found.size() > 0;
    }

    /** The next pass begins. */
    void widen() {
        found.forEach(labels::add);
        found.clear();
    }

    int size() {
        return labels.size();
    }

    int cells() {
        return cells.size();
    }

    /** {@code strand} touched all that behind a point of {@code point}. */
    void touched(long strand, long point, Footprint print) {
        for (int i = 0; i < print.reads(); i++) {
            touched(strand, point, print.read(i), false);
        }
        for (int i = 0; i < print.writes(); i++) {
            touched(strand, point, print.write(i), true);
        }
    }

    void touched(long strand, long point, long cell, boolean writes) {
        long pair = Mix.of(Mix.of(cell, point), writes ? strand + 1 : strand);
        if (!known.add(pair)) {
            return;
        }
        int at = cells.index(cell);
        room(at);
        int before = state[at];
        if (toucher[at] == 0) {
            toucher[at] = strand;
        } else if (toucher[at] != strand) {
            state[at] |= SEVERAL;
        }
        state[at] |= writes ? WRITTEN : 0;
        if (point != NO_LABEL) {
            link(at, point);
        }
        if (state[at] == SHARED && (before != SHARED || point != NO_LABEL)) {
            share(at);
        }
    }

    private void link(int at, long point) {
        if (links == label.length) {
            label = Arrays.copyOf(label, links * 2);
            next = Arrays.copyOf(next, links * 2);
        }
        label[links] = point;
        next[links] = first[at];
        first[at] = links++;
    }

    private void share(int at) {
        for (int link = first[at]; link != 0; link = next[link]) {
            if (!labels.contains(label[link])) {
                found.add(label[link]);
            }
        }
    }

    private void room(int at) {
        if (at >= state.length) {
            state = Arrays.copyOf(state, at * 2);
            toucher = Arrays.copyOf(toucher, at * 2);
            first = Arrays.copyOf(first, at * 2);
        }
    }
}
