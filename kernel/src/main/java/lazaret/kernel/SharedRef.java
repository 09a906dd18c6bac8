// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import lazaret.kernel.KernelEntry.BrokenContext;
import lazaret.machine.Access;
import lazaret.machine.Ref;

/**
 * A pointer that CPUs share without a lock, among them those that RCU protects. Each operation is one
 * scheduling point.
 *
 * @param <T> immutable, or keeps its own state in cells
 */
public final class SharedRef<T> {
    private final Kernel kernel;
    private final String name;
    private final long id;
    private final Ref<T> ref;

    public SharedRef(Kernel kernel, String name, T initial) {
        this.kernel = kernel;
        this.name = name;
        id = kernel.newId();
        ref = new Ref<>(kernel.machine().undo(), initial);
    }

    public String name() {
        return name;
    }

    /** The value, without a scheduling point: for conditions that are waited for, and for printing. */
    public T peek() {
        return ref.get();
    }

    public T readOnce() {
        kernel.point(Access.READ, id);
        return ref.get();
    }

    public T loadAcquire() {
        return readOnce();
    }

    public void writeOnce(T value) {
        kernel.point(Access.WRITE, id);
        ref.set(value);
    }

    /** What this CPU stored before is seen first. */
    public void storeRelease(T value) {
        kernel.point(Access.WRITE, id);
        kernel.orderStores();
        ref.set(value);
    }

    /**
     * Reports if no RCU read section is open.
     *
     * @kernel rcu_dereference
     */
    public T rcuDereference() {
        Context context = kernel.context();
        if (!context.inRcu()) {
            kernel.broken(BrokenContext.RCU_UNPROTECTED, name + " by " + context.name);
        }
        return readOnce();
    }

    /**
     * Reports unless the update side's lock is held.
     *
     * @kernel rcu_dereference_protected
     */
    public T rcuDereferenceProtected(Lock lock) {
        lock.assertHeld();
        return readOnce();
    }

    /**
     * @kernel rcu_assign_pointer
     */
    public void rcuAssign(T value) {
        storeRelease(value);
    }

    /** Stores {@code next} if the value is {@code expected} itself; returns what was there before. */
    public T cmpxchg(T expected, T next) {
        kernel.point(Access.UPDATE, id);
        T old = ref.get();
        if (old == expected) {
            ref.set(next);
        }
        return old;
    }

    public T xchg(T next) {
        kernel.point(Access.UPDATE, id);
        T old = ref.get();
        ref.set(next);
        return old;
    }
}
