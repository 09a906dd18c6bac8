// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import lazaret.machine.Word;

/** A number or flag that its lock guards; see {@link Guarded}. */
public final class GuardedWord {
    private final Guard guard;
    private final Word word;

    /**
     * @param name  for people: {@code group.resetDepth}
     * @param owner the object it is part of
     */
    public GuardedWord(Kernel kernel, String name, Lock lock, Lifetime owner, long initial) {
        guard = new Guard(kernel, name, lock, owner);
        word = new Word(kernel.machine().undo(), initial);
    }

    public long get() {
        guard.read();
        return word.get();
    }

    public boolean test() {
        return get() != 0;
    }

    public void set(long next) {
        guard.write();
        word.set(next);
    }

    public void set(boolean next) {
        set(next ? 1 : 0);
    }

    /** Adds and returns the new value. */
    public long add(long delta) {
        guard.write();
        return word.add(delta);
    }

    /** The value, unchecked: for the oracle, for printing, for conditions that are waited for. */
    public long peek() {
        return word.get();
    }
}
