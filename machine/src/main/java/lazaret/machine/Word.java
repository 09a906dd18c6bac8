// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

/**
 * A cell that holds one 64-bit word of modelled state. Reading and writing it is not a scheduling point by
 * itself.
 */
public final class Word {
    private final Undo undo;
    private final long id;
    private long value;
    private int stamp;
    private long watchers;

    public Word(Undo undo) {
        this(undo, 0);
    }

    public Word(Undo undo, long initial) {
        this(undo, initial, undo.ids(1));
        if (undo.tracing) {
            undo.trace().made(id, initial);
        }
    }

    Word(Undo undo, long initial, long id) {
        this.undo = undo;
        this.id = id;
        value = initial;
    }

    long id() {
        return id;
    }

    public long get() {
        if (undo.attentive) {
            watchers |= undo.look(id, value);
        }
        return value;
    }

    public int asInt() {
        return (int) get();
    }

    /** True when the word is not zero. */
    public boolean test() {
        return get() != 0;
    }

    public void set(long next) {
        if (next != value) {
            if (stamp != undo.epoch()) {
                stamp = undo.epoch();
                undo.note(this, value);
            }
            undo.stale |= watchers;
            watchers = 0;
            if (undo.tracing) {
                undo.trace().changed(id, value, next);
            }
            value = next;
        } else if (undo.attentive) {
            undo.silent(id, next);
        }
    }

    public void set(boolean next) {
        set(next ? 1 : 0);
    }

    /** Adds and returns the new value. */
    public long add(long delta) {
        set(value + delta);
        if (undo.tracing) {
            undo.trace().observe(value);
        }
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
