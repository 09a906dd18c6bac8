// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

import java.util.Arrays;

/**
 * The journal that makes every change of modelled state reversible.
 *
 * <p>A stage is wired and booted once; each run starts by rolling back to the mark set after boot. That is
 * why all modelled state lives in cells ({@link Word}, {@link Words}, {@link Ref}) and why a plain mutable
 * field in a model is a defect (docs/decisions/0002). Only the first change of a cell since the mark is
 * written down, so a roll-back costs one store for each cell that changed, however long the run was.
 */
public final class Undo {
    private static final int INITIAL = 1 << 10;

    private Object[] cells = new Object[INITIAL];
    private int[] indices = new int[INITIAL];
    private long[] words = new long[INITIAL];
    private Object[] values = new Object[INITIAL];
    private int size;
    private int epoch;

    private final Trace trace = new Trace(this);
    private long nextId = 1;

    /** Who looks at cells now, as bits; see {@link Ready}. */
    long watching;
    /** Does anybody want to know of reads: {@link Ready}, or the trace? */
    boolean attentive;
    /** Does the trace want to know of changes? */
    boolean tracing;
    /** Are new cells named by who makes them? */
    boolean naming;
    /** Whose answer may be another one now: a cell they looked at has changed, or they were never asked. */
    long stale = -1;
    /** Has anybody looked at a cell since this was cleared? */
    boolean looked;

    /** From now on changes are recorded; {@link #rollback} returns to this state. */
    public void mark() {
        Arrays.fill(cells, null);
        Arrays.fill(values, null);
        size = 0;
        epoch++;
    }

    /** Puts every cell back to its value at {@link #mark}. The mark stays. */
    public void rollback() {
        for (int i = size - 1; i >= 0; i--) {
            Object cell = cells[i];
            if (cell instanceof Words row) {
                row.restore(indices[i], words[i]);
            } else if (cell instanceof Word word) {
                word.restore(words[i]);
            } else if (cell instanceof Memo memo) {
                memo.restore(words[i]);
            } else {
                ((Ref<?>) cell).restore(values[i]);
                values[i] = null;
            }
        }
        size = 0;
        stale = -1;
        epoch += epoch == 0 ? 0 : 1;
    }

    /** Number of cells that changed since the mark; 0 before the first mark. */
    public int size() {
        return size;
    }

    /**
     * Changes with every mark and roll-back, 0 before the first mark: a cell whose stamp equals it need not
     * be noted again.
     */
    int epoch() {
        return epoch;
    }

    /** What a search learns of a run. */
    public Trace trace() {
        return trace;
    }

    /** From now on those of {@code who} look, as bits; 0 for nobody. */
    void watch(long who) {
        watching = who;
        attend();
    }

    void attend() {
        attentive = watching != 0 || trace.listening();
    }

    /** A cell is read. Returns who looks. */
    long look(long id, long value) {
        if (tracing) {
            trace.read(id, value);
        }
        looked = true;
        return watching;
    }

    long look(Ref<?> cell) {
        return look(cell.id(), tracing && trace.listening() ? cell.digest() : 0);
    }

    /** A cell was stored into and holds what it held. */
    void silent(long id, long value) {
        if (tracing) {
            trace.touch(id, value);
        }
    }

    /**
     * Names for cells that come into being: while wiring they count on, in a traced run they depend on who
     * makes them and how many it made before, so that they mean the same in every order of steps.
     */
    long ids(int count) {
        if (naming) {
            return trace.ids();
        }
        long first = nextId;
        nextId += count;
        return first;
    }

    void note(Word cell, long old) {
        int at = room();
        cells[at] = cell;
        words[at] = old;
    }

    void note(Memo cell, long old) {
        int at = room();
        cells[at] = cell;
        words[at] = old;
    }

    void note(Words cell, int index, long old) {
        int at = room();
        cells[at] = cell;
        indices[at] = index;
        words[at] = old;
    }

    void note(Ref<?> cell, Object old) {
        int at = room();
        cells[at] = cell;
        values[at] = old;
    }

    private int room() {
        if (size == cells.length) {
            int wider = size * 2;
            cells = Arrays.copyOf(cells, wider);
            indices = Arrays.copyOf(indices, wider);
            words = Arrays.copyOf(words, wider);
            values = Arrays.copyOf(values, wider);
        }
        return size++;
    }
}
