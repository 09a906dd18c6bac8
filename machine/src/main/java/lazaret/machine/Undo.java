// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

import java.util.Arrays;

/**
 * The journal that makes every change of modelled state reversible.
 *
 * <p>A stage is wired and booted once; each run starts by rolling back to the mark set after boot. That is why all
 * modelled state lives in cells ({@link Word}, {@link Words}, {@link Ref}) and why a plain mutable field in a model is a
 * defect (docs/decisions/0002). A roll-back costs one store per change made since the mark.
 */
public final class Undo {
    private static final int INITIAL = 1 << 10;

    private Object[] cells = new Object[INITIAL];
    private int[] indices = new int[INITIAL];
    private long[] words = new long[INITIAL];
    private Object[] values = new Object[INITIAL];
    private int size;
    private boolean armed;

    /** From now on changes are recorded; {@link #rollback} returns to this state. */
    public void mark() {
        Arrays.fill(cells, 0, size, null);
        Arrays.fill(values, 0, size, null);
        size = 0;
        armed = true;
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
    }

    /** Number of changes since the mark. */
    public int size() {
        return size;
    }

    void note(Object cell, int index, long old) {
        if (!armed) {
            return;
        }
        room();
        cells[size] = cell;
        indices[size] = index;
        words[size] = old;
        size++;
    }

    void note(Ref<?> cell, Object old) {
        if (!armed) {
            return;
        }
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
