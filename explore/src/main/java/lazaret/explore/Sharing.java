// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import lazaret.machine.Footprint;
import lazaret.machine.Mix;

/**
 * What a search has learnt of who touches what, and where: the ground on which it leaves out what makes no
 * difference. A search knows nothing at first and takes what it does not know for harmless; when it meets
 * something new it begins again, knowing more. The last pass, which met nothing new, is complete.
 *
 * <p>A point announces what comes, and with whose strand it is that is its label. When nothing that ever
 * followed points of a label touched a cell that two strands touch and one of them changes, it makes no
 * difference who else steps at such a point: software runs on from one shared point to the next. Of the
 * shared ones it is known which cells were touched behind them and which labels came next: {@link Reach}
 * makes of that what a strand may still do.
 *
 * <p>Hardware announces nothing; which cells it looked at to be enabled is the label of its step.
 *
 * <p>Strands whose names agree up to a {@code #} follow each other (the handlers of one interrupt, the
 * lives of one worker) and count as one.
 */
final class Sharing {
    private static final int WRITTEN = 1;
    private static final int SEVERAL = 2;
    private static final int SHARED = WRITTEN | SEVERAL;
    /** What a label is for, in its lowest bits; 0 for steps of hardware and beginnings. */
    private static final long KINDS = 4;
    private static final long POINT = 1;
    private static final long ASKED = 2;
    private static final long BEGIN = Mix.of("begin");
    private static final long HOME = Mix.of("home");

    /** Who touched what behind which label, and which label came after which: settled by one look. */
    private final LongSet known = new LongSet();
    private final LongMap cells = new LongMap();
    private long[] ids = new long[1 << 10];
    private long[] toucher = new long[1 << 10];
    private int[] state = new int[1 << 10];
    /** For each cell the labels that touched it, as chains. */
    private int[] first = new int[1 << 10];
    private long[] label = new long[1 << 10];
    private boolean[] writes = new boolean[1 << 10];
    private long[] keys = new long[1 << 10];
    private int[] next = new int[1 << 10];
    private int links = 1;
    /** Which label came after which, in pairs. */
    private long[] edges = new long[1 << 10];
    private int ends;

    private boolean grew;
    private Reach reach = new Reach();

    static long kin(String name) {
        int hash = name.indexOf('#');
        return Mix.of(hash < 0 ? name : name.substring(0, hash));
    }

    static long label(long kin, int access, long resource) {
        return Mix.of(kin + access, resource) & -KINDS | POINT;
    }

    /** Is it one of a point of software? */
    static boolean isPoint(long label) {
        return (label & KINDS - 1) == POINT;
    }

    /** Is it one of a place where somebody is asked whether he may step? */
    static boolean isAsked(long label) {
        return (label & KINDS - 1) == ASKED;
    }

    static long label(long kin, Footprint asked) {
        long label = kin;
        for (int i = 0; i < asked.reads(); i++) {
            label = Mix.of(label, asked.read(i));
        }
        return label & -KINDS;
    }

    /** Where a strand of that kin waits, having passed a point of {@code before}. */
    static long waits(long before, int access) {
        return Mix.of(before, access) & -KINDS | ASKED;
    }

    /** Where software begins. */
    static long begin(long kin) {
        return Mix.of(BEGIN, kin) & -KINDS;
    }

    /** What a strand looks at wherever it is: hardware to be enabled, software for its CPU's consent. */
    static long home(long kin) {
        return Mix.of(HOME, kin) & -KINDS | ASKED;
    }

    boolean isShared(long point) {
        return reach.isShared(point);
    }

    /** What was known when this pass began. */
    Reach reach() {
        return reach;
    }

    /** Has this pass met what it did not know? */
    boolean grew() {
        return grew;
    }

    /** The next pass begins. */
    void widen() {
        grew = false;
        reach = all();
    }

    /**
     * This pass has met what it did not know. Goes on with it if it makes no difference to what was decided.
     *
     * @return whether it does
     */
    boolean takesIn() {
        Reach more = all();
        if (!reach.isAsGoodAs(more)) {
            return false;
        }
        reach = more;
        grew = false;
        return true;
    }

    private Reach all() {
        Reach known = new Reach();
        for (int i = 1; i < links; i++) {
            known.met(label[i]);
        }
        for (int cell = 0; cell < cells.size(); cell++) {
            if (state[cell] == SHARED) {
                known.cell(ids[cell]);
                for (int link = first[cell]; link != 0; link = next[link]) {
                    known.touches(label[link], writes[link]);
                }
            }
        }
        for (int i = 0; i < ends; i += 2) {
            known.follows(edges[i], edges[i + 1]);
        }
        known.close();
        return known;
    }

    int size() {
        return reach.points();
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

    void touched(long strand, long point, long cell, boolean changes) {
        long key = Mix.of(Mix.of(cell, point), changes ? strand + 1 : strand);
        if (!known.add(key)) {
            return;
        }
        int at = cells.index(cell);
        room(at);
        ids[at] = cell;
        if (toucher[at] == 0) {
            toucher[at] = strand;
        } else if (toucher[at] != strand) {
            state[at] |= SEVERAL;
        }
        state[at] |= changes ? WRITTEN : 0;
        link(at, point, changes, key);
        grew |= state[at] == SHARED;
    }

    /** Whoever stood at {@code before} came to {@code after}, or made somebody begin there. */
    void follows(long before, long after) {
        if (before == after || !known.add(Mix.of(before, after))) {
            return;
        }
        if (ends == edges.length) {
            edges = Arrays.copyOf(edges, ends * 2);
        }
        edges[ends++] = before;
        edges[ends++] = after;
        grew |= !reach.covers(before, after);
    }

    /** All that {@code other} knows as well. */
    void learn(Sharing other) {
        for (int cell = 0; cell < other.cells.size(); cell++) {
            int at = cells.index(other.ids[cell]);
            room(at);
            ids[at] = other.ids[cell];
            state[at] |= other.state[cell];
            if (toucher[at] == 0) {
                toucher[at] = other.toucher[cell];
            } else if (toucher[at] != other.toucher[cell]) {
                state[at] |= SEVERAL;
            }
            for (int link = other.first[cell]; link != 0; link = other.next[link]) {
                learn(at, other, link);
            }
        }
        for (int i = 0; i < other.ends; i += 2) {
            follows(other.edges[i], other.edges[i + 1]);
        }
        grew |= other.grew;
    }

    private void learn(int at, Sharing other, int link) {
        if (known.add(other.keys[link])) {
            link(at, other.label[link], other.writes[link], other.keys[link]);
        }
    }

    void write(DataOutput to) throws IOException {
        to.writeInt(cells.size());
        for (int cell = 0; cell < cells.size(); cell++) {
            to.writeLong(ids[cell]);
            to.writeLong(toucher[cell]);
            to.writeInt(state[cell]);
            for (int link = first[cell]; link != 0; link = next[link]) {
                to.writeBoolean(true);
                to.writeLong(label[link]);
                to.writeBoolean(writes[link]);
                to.writeLong(keys[link]);
            }
            to.writeBoolean(false);
        }
        to.writeInt(ends);
        for (int i = 0; i < ends; i++) {
            to.writeLong(edges[i]);
        }
        to.writeBoolean(grew);
    }

    /** A pass goes on with what was known. */
    void read(DataInput from) throws IOException {
        for (int left = from.readInt(); left > 0; left--) {
            long id = from.readLong();
            int at = cells.index(id);
            room(at);
            ids[at] = id;
            toucher[at] = from.readLong();
            state[at] = from.readInt();
            while (from.readBoolean()) {
                long point = from.readLong();
                boolean changes = from.readBoolean();
                long key = from.readLong();
                known.add(key);
                link(at, point, changes, key);
            }
        }
        for (int left = from.readInt(); left > 0; left -= 2) {
            follows(from.readLong(), from.readLong());
        }
        boolean more = from.readBoolean();
        widen();
        grew = more;
    }

    /** Begins a pass with what {@code other} knew when it began it. */
    void begin(Sharing other) {
        learn(other);
        reach = other.reach;
        grew = false;
    }

    private void link(int at, long point, boolean changes, long key) {
        if (links == label.length) {
            label = Arrays.copyOf(label, links * 2);
            writes = Arrays.copyOf(writes, links * 2);
            keys = Arrays.copyOf(keys, links * 2);
            next = Arrays.copyOf(next, links * 2);
        }
        label[links] = point;
        writes[links] = changes;
        keys[links] = key;
        next[links] = first[at];
        first[at] = links++;
    }

    private void room(int at) {
        if (at >= state.length) {
            ids = Arrays.copyOf(ids, at * 2);
            state = Arrays.copyOf(state, at * 2);
            toucher = Arrays.copyOf(toucher, at * 2);
            first = Arrays.copyOf(first, at * 2);
        }
    }
}
