// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

/**
 * A cell that holds an immutable value (a record, an enum constant, an unmodifiable list) or a reference to
 * an object whose own state lives in cells.
 */
public final class Ref<T> {
    private final Undo undo;
    private final long id;
    private T value;
    private int stamp;
    private long watchers;
    /** Of the value, 0 when it is not known: only a trace asks for it. */
    private long digest;

    public Ref(Undo undo, T initial) {
        this(undo, initial, undo.ids(1));
        if (undo.naming) {
            digest = opaque(initial);
        }
        if (undo.tracing) {
            undo.trace().made(id, digest());
        }
    }

    Ref(Undo undo, T initial, long id) {
        this.undo = undo;
        this.id = id;
        value = initial;
    }

    long id() {
        return id;
    }

    /** Hash of the value. One that cannot be hashed and was there at the mark counts by its place. */
    long digest() {
        if (digest == 0) {
            digest = Digest.of(value, id);
        }
        return digest;
    }

    public T get() {
        if (undo.attentive) {
            watchers |= undo.look(this);
        }
        return value;
    }

    public void set(T next) {
        if (next != value) {
            if (stamp != undo.epoch()) {
                stamp = undo.epoch();
                undo.note(this, value);
            }
            undo.stale |= watchers;
            watchers = 0;
            if (undo.naming) {
                traced(next);
            } else {
                digest = 0;
            }
            value = next;
        } else if (undo.attentive) {
            undo.silent(id, digest());
        }
    }

    /** An equal value in place of another is no change. */
    private void traced(T next) {
        long after = opaque(next);
        if (undo.tracing) {
            long before = digest();
            after = after == 0 ? Digest.of(next, id) : after;
            if (before == after) {
                undo.trace().touch(id, before);
            } else {
                undo.trace().changed(id, before, after);
            }
        }
        digest = after;
    }

    /** What cannot be hashed is known by who stores it, and that is known now only; 0 for all else. */
    private long opaque(T next) {
        return Digest.isOpaque(next) ? Digest.of(next, undo.trace().origin()) : 0;
    }

    @SuppressWarnings("unchecked")      // only values of this very cell come back from the journal
    void restore(Object old) {
        value = (T) old;
        digest = 0;
    }

    @Override
    public String toString() {
        return String.valueOf(value);
    }
}
