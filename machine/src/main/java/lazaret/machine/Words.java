// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

/** A row of cells: a fixed number of 64-bit words of modelled state. */
public final class Words {
    /** What belongs to one word lies side by side, because who touches one part of it touches the others. */
    private static final int STRIDE = 3;
    private static final int WATCHERS = 1;
    private static final int STAMP = 2;

    private final Undo undo;
    private final long id;
    private final int length;
    /** Of each word its value, who has looked at it, and when it was noted. */
    private final long[] cells;

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
        this.length = length;
        cells = new long[Math.multiplyExact(length, STRIDE)];
    }

    long id() {
        return id;
    }

    public int length() {
        return length;
    }

    public long get(int index) {
        int at = at(index);
        long value = cells[at];
        if (undo.attentive) {
            cells[at + WATCHERS] |= undo.look(id + 1 + index, value);
        }
        return value;
    }

    public void set(int index, long next) {
        int at = at(index);
        long old = cells[at];
        if (next != old) {
            if (cells[at + STAMP] != undo.epoch()) {
                cells[at + STAMP] = undo.epoch();
                undo.note(this, index, old);
            }
            undo.stale |= cells[at + WATCHERS];
            cells[at + WATCHERS] = 0;
            if (undo.tracing) {
                undo.trace().changed(id + 1 + index, old, next);
            }
            cells[at] = next;
        } else if (undo.attentive) {
            undo.silent(id + 1 + index, next);
        }
    }

    public void fill(long next) {
        for (int i = 0; i < length; i++) {
            set(i, next);
        }
    }

    void restore(int index, long old) {
        cells[index * STRIDE] = old;
    }

    /** Where the cell of a word begins. */
    private int at(int index) {
        if (index < 0 || index >= length) {
            throw new IndexOutOfBoundsException("no word " + index + " in a row of " + length);
        }
        return index * STRIDE;
    }
}
