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

    /** From now on changes are recorded; {@link #rollback} returns to this state. */
    public void mark() {
        Arrays.fill(cells, 0, size, null);
        Arrays.fill(values, 0, size, null);
        size = 0;
        epoch++;
    }

    /** Puts every cell back to its value at {@link #mark}. The mark stays. */
    public void rollback() {
        while (size > 0) {
            size--;
            switch (cells[size]) {
                case Words w -> w.restore(indices[size], words[size]);
                case Word w -> w.restore(words[size]);
                case Ref<?> r -> r.restore(values[size]);
                default -> throw new IllegalStateException("not a cell: " + cells[size]);
            }
            cells[size] = null;
            values[size] = null;
        }
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

    void note(Object cell, int index, long old) {
        room();
        cells[size] = cell;
        indices[size] = index;
        words[size] = old;
        size++;
    }

    void note(Ref<?> cell, Object old) {
        room();
        cells[size] = cell;
        values[size] = old;
        size++;
    }

    private void room() {
        if (size < cells.length) {
            return;
        }
        int wider = size * 2;
        cells = Arrays.copyOf(cells, wider);
        indices = Arrays.copyOf(indices, wider);
        words = Arrays.copyOf(words, wider);
        values = Arrays.copyOf(values, wider);
    }
}
