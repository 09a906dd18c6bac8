// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

/** A row of cells: a fixed number of 64-bit words of modelled state. */
public final class Words {
    private final Undo undo;
    private final long id;
    private final long[] values;
    private final int[] stamps;
    private final long[] watchers;

    public Words(Undo undo, int length) {
        this(undo, length, undo.ids(length + 1));
        if (undo.tracing) {
            undo.trace().made(id, 0);
        }
    }

    /** @param id the words' own ids follow it */
    Words(Undo undo, int length, long id) {
        if (length < 0) {
            throw new IllegalArgumentException("a row of " + length + " words");
        }
        this.undo = undo;
        this.id = id;
        values = new long[length];
        stamps = new int[length];
        watchers = new long[length];
    }

    long id() {
        return id;
    }

    public int length() {
        return values.length;
    }

    public long get(int index) {
        long value = values[check(index)];
        if (undo.attentive) {
            watchers[index] |= undo.look(id + 1 + index, value);
        }
        return value;
    }

    public void set(int index, long next) {
        long old = values[check(index)];
        if (next != old) {
            if (stamps[index] != undo.epoch()) {
                stamps[index] = undo.epoch();
                undo.note(this, index, old);
            }
            undo.stale |= watchers[index];
            watchers[index] = 0;
            if (undo.tracing) {
                undo.trace().changed(id + 1 + index, old, next);
            }
            values[index] = next;
        } else if (undo.attentive) {
            undo.silent(id + 1 + index, next);
        }
    }

    public void fill(long next) {
        for (int i = 0; i < values.length; i++) {
            set(i, next);
        }
    }

    void restore(int index, long old) {
        values[index] = old;
    }

    private int check(int index) {
        if (index < 0 || index >= values.length) {
            throw new IndexOutOfBoundsException("no word " + index + " in a row of " + values.length);
        }
        return index;
    }
}
