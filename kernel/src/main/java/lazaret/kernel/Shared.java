// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import lazaret.machine.Access;
import lazaret.machine.Machine;
import lazaret.machine.Word;

/**
 * A word that CPUs share without a lock: an {@code atomic_t} or a field accessed with {@code READ_ONCE}.
 * Each operation is one scheduling point. Between CPUs it is sequentially consistent; the names say what the
 * code relies on.
 */
public final class Shared {
    private final Kernel kernel;
    private final String name;
    private final long id;
    private final Word word;

    public Shared(Kernel kernel, String name, long initial) {
        this.kernel = kernel;
        this.name = name;
        id = kernel.newId();
        Machine machine = kernel.machine();
        word = new Word(machine.undo(), initial);
    }

    /** Starts at 0. */
    public Shared(Kernel kernel, String name) {
        this(kernel, name, 0);
    }

    public String name() {
        return name;
    }

    /** The value, without a scheduling point: for conditions that are waited for, and for printing. */
    public long peek() {
        return word.get();
    }

    public long readOnce() {
        kernel.point(Access.READ, id);
        return word.get();
    }

    public long loadAcquire() {
        return readOnce();
    }

    public void writeOnce(long value) {
        kernel.point(Access.WRITE, id);
        word.set(value);
    }

    /** What this CPU stored before is seen first. */
    public void storeRelease(long value) {
        kernel.point(Access.WRITE, id);
        kernel.orderStores();
        word.set(value);
    }

    /** Stores {@code next} if the value is {@code expected}; returns what was there before. */
    public long cmpxchg(long expected, long next) {
        kernel.point(Access.UPDATE, id);
        long old = word.get();
        if (old == expected) {
            word.set(next);
        }
        return old;
    }

    /** As {@link #cmpxchg}, in no order with stores to memory. @kernel atomic_cmpxchg_relaxed */
    public long cmpxchgRelaxed(long expected, long next) {
        kernel.relaxed(id);
        long old = word.get();
        if (old == expected) {
            word.set(next);
        }
        return old;
    }

    public long xchg(long next) {
        kernel.point(Access.UPDATE, id);
        long old = word.get();
        word.set(next);
        return old;
    }

    /** Adds; returns what was there before. */
    public long fetchAdd(long delta) {
        kernel.point(Access.UPDATE, id);
        return word.add(delta) - delta;
    }

    /** As {@link #fetchAdd}, in no order with stores to memory. @kernel atomic_fetch_add_relaxed */
    public long fetchAddRelaxed(long delta) {
        kernel.relaxed(id);
        return word.add(delta) - delta;
    }

    /** Adds; returns what is there now. */
    public long addReturn(long delta) {
        return fetchAdd(delta) + delta;
    }

    /** Sets bits; returns what was there before. */
    public long fetchOr(long bits) {
        kernel.point(Access.UPDATE, id);
        long old = word.get();
        word.set(old | bits);
        return old;
    }

    /** Clears bits; returns what was there before. */
    public long fetchAndNot(long bits) {
        kernel.point(Access.UPDATE, id);
        long old = word.get();
        word.set(old & ~bits);
        return old;
    }

    /** As {@link #fetchAndNot}, in no order with stores to memory. @kernel atomic_fetch_andnot_relaxed */
    public long fetchAndNotRelaxed(long bits) {
        kernel.relaxed(id);
        long old = word.get();
        word.set(old & ~bits);
        return old;
    }

    /** Adds, in no order with stores to memory; the caller learns nothing. @kernel atomic_add */
    public void add(long delta) {
        kernel.forgets().run(() -> fetchAddRelaxed(delta));
    }

    /** As {@link #add}; what this CPU stored before is seen first. @kernel atomic_dec_return_release */
    public void addRelease(long delta) {
        kernel.forgets().run(() -> fetchAdd(delta));
    }

    /** Sets bits, in no order with stores to memory; the caller learns nothing. @kernel atomic_or */
    public void or(long bits) {
        kernel.forgets().run(() -> {
            kernel.relaxed(id);
            word.set(word.get() | bits);
        });
    }

    /** Clears bits, in no order with stores to memory; the caller learns nothing. @kernel atomic_andnot */
    public void andNot(long bits) {
        kernel.forgets().run(() -> fetchAndNotRelaxed(bits));
    }

    @Override
    public String toString() {
        return name + "=" + word;
    }
}
