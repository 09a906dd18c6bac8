// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import lazaret.kernel.KernelEntry.BrokenContext;
import lazaret.machine.Access;
import lazaret.machine.Condition;
import lazaret.machine.Ref;

/** A lock whose waiters sleep: for tasks only. Who took it releases it. */
public final class Mutex implements Lock {
    private final Kernel kernel;
    private final Tracked tracked;
    private final Ref<Context> owner;
    private final Condition free;
    private final Held held = this::unlock;

    /** @param name that of its class: locks of one name share one place in the lock order */
    public Mutex(Kernel kernel, String name) {
        this.kernel = kernel;
        tracked = new Tracked(kernel, name);
        owner = new Ref<>(kernel.machine().undo(), null);
        free = () -> owner.get() == null;
    }

    @Override
    public String name() {
        return tracked.name;
    }

    public Held lock() {
        Context context = kernel.context();
        context.maySleep(BrokenContext.SLEEP, name());
        kernel.open();
        kernel.point(Access.ACQUIRE, tracked.id);
        if (owner.get() == context) {
            kernel.broken(BrokenContext.RECURSION, name() + " by " + context.name);
            kernel.close(1);
            return Held.NOTHING;
        }
        tracked.ask(context, false);
        if (owner.get() != null) {
            kernel.spin(free);
        }
        owner.set(context);
        context.push(tracked, false);
        kernel.close(0);
        return held;
    }

    /**
     * Takes the lock if nobody has it. Does not sleep, so no order of locks is asked for.
     *
     * @return null if somebody has it
     * @kernel mutex_trylock
     */
    public Held tryLock() {
        Context context = kernel.context();
        kernel.open();
        kernel.point(Access.ACQUIRE, tracked.id);
        boolean taken = owner.get() == null;
        if (taken) {
            owner.set(context);
            context.push(tracked, false);
        }
        kernel.close(taken ? 0 : 1);
        return taken ? held : null;
    }

    private void unlock() {
        Context context = kernel.context();
        kernel.open();
        kernel.point(Access.RELEASE, tracked.id);
        Context holder = owner.get();
        if (holder != context) {
            kernel.broken(BrokenContext.UNLOCK, name() + " by " + context.name);
        }
        if (holder != null) {
            owner.set(null);
            holder.pop(tracked, false);
        }
        kernel.close(0);
    }

    @Override
    public boolean held() {
        return owner.get() == kernel.context();
    }

    @Override
    public boolean heldForWrite() {
        return held();
    }

    @Override
    public void assertHeld() {
        kernel.requireHeld(this, held());
    }
}
