// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

/**
 * A word for whoever looks on from outside: how often something was done, what was read last. It rolls back
 * with all cells and is no part of the state: runs that differ in memos alone are in one state. So nothing
 * modelled may look at it, and while a search follows a run nobody can.
 */
public final class Memo {
    private final Undo undo;
    private long value;
    private int stamp;

    public Memo(Undo undo) {
        this.undo = undo;
    }

    /** @throws IllegalStateException in a run that is being searched: what is read there must be a cell */
    public long get() {
        if (undo.naming) {
            throw new IllegalStateException("a memo is no part of the state that a search knows");
        }
        return value;
    }

    public void set(long next) {
        if (stamp != undo.epoch()) {
            stamp = undo.epoch();
            undo.note(this, value);
        }
        value = next;
    }

    public void increment() {
        set(value + 1);
    }

    void restore(long old) {
        value = old;
    }
}
