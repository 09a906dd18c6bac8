// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

/**
 * A cell that holds an immutable value (a record, an enum constant, an unmodifiable list) or a reference to
 * an object whose own state lives in cells.
 */
public final class Ref<T> {
    private final Undo undo;
    private T value;
    private int stamp;
    private long watchers;

    public Ref(Undo undo, T initial) {
        this.undo = undo;
        value = initial;
    }

    public T get() {
        if (undo.watching != 0) {
            watchers |= undo.look();
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
            value = next;
        }
    }

    @SuppressWarnings("unchecked")      // only values of this very cell come back from the journal
    void restore(Object old) {
        value = (T) old;
    }

    @Override
    public String toString() {
        return String.valueOf(value);
    }
}
