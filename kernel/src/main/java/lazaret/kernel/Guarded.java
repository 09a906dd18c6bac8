// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import lazaret.machine.Ref;

/**
 * A field that its lock guards, of an object that may be freed. Using it reports if the lock is not held or
 * the object is gone. No scheduling point: whoever could interfere waits for the lock.
 *
 * @param <T> immutable, or keeps its own state in cells
 */
public final class Guarded<T> {
    private final Guard guard;
    private final Ref<T> ref;

    /**
     * @param name  for people: {@code group.domain}
     * @param owner the object it is part of
     */
    public Guarded(Kernel kernel, String name, Lock lock, Lifetime owner, T initial) {
        guard = new Guard(kernel, name, lock, owner);
        ref = new Ref<>(kernel.machine().undo(), initial);
    }

    public T get() {
        guard.read();
        return ref.get();
    }

    public void set(T next) {
        guard.write();
        ref.set(next);
    }

    /** The value, unchecked: for the oracle, for printing, for conditions that are waited for. */
    public T peek() {
        return ref.get();
    }
}
