// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

/**
 * A cell that holds one 64-bit word of modelled state. Reading and writing it is not a scheduling point by
 * itself.
 */
public final class Word {
    private final Undo undo;
    private long value;
    private int stamp;

    public Word(Undo undo) {
        this.undo = undo;
    }

    public Word(Undo undo, long initial) {
        this(undo);
        value = initial;
    }

    public long get() {
        return value;
    }

    public int asInt() {
        return (int) value;
    }

    /** True when the word is not zero. */
    public boolean test() {
        return value != 0;
    }

    public void set(long next) {
        if (next != value) {
            if (stamp != undo.epoch()) {
                stamp = undo.epoch();
                undo.note(this, 0, value);
            }
            value = next;
        }
    }

    public void set(boolean next) {
        set(next ? 1 : 0);
    }

    /** Adds and returns the new value. */
    public long add(long delta) {
        set(value + delta);
        return value;
    }

    void restore(long old) {
        value = old;
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
