// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import lazaret.kernel.KernelEntry.BrokenContext;
import lazaret.machine.Access;
import lazaret.machine.Condition;
import lazaret.machine.Ref;

/**
 * A lock for short sections that must not sleep. Waiters spin with preemption (and, if asked, interrupts)
 * already off.
 */
public final class Spinlock implements Lock {
    private static final long PLAIN = Context.PREEMPT;
    private static final long IRQSAVE = Context.PREEMPT | Context.IRQS_OFF;

    private final Kernel kernel;
    private final Tracked tracked;
    private final Ref<Context> owner;
    private final Condition free;
    private final Held plain = () -> unlock(PLAIN);
    private final Held irqsave = () -> unlock(IRQSAVE);

    /** @param name that of its class: locks of one name share one place in the lock order */
    public Spinlock(Kernel kernel, String name) {
        this.kernel = kernel;
        tracked = new Tracked(kernel, name);
        owner = new Ref<>(kernel.machine().undo(), null);
        free = () -> owner.get() == null;
    }

    @Override
    public String name() {
        return tracked.name;
    }

    /**
     * For locks that no interrupt handler takes.
     *
     * @kernel spin_lock
     */
    public Held lock() {
        return lock(PLAIN, plain);
    }

    /**
     * Interrupts of this CPU are off before the wait begins and stay pending until the end.
     *
     * @kernel spin_lock_irqsave
     */
    public Held irqsave() {
        return lock(IRQSAVE, irqsave);
    }

    private Held lock(long masks, Held held) {
        Context context = kernel.context();
        kernel.open();
        kernel.point(Access.ACQUIRE, tracked.id);
        if (owner.get() == context) {
            kernel.broken(BrokenContext.RECURSION, name() + " by " + context.name);
            kernel.close(1);
            return Held.NOTHING;
        }
        context.enter(masks);
        tracked.ask(context, false);
        kernel.forgets().run(this::awaitFree);
        owner.set(context);
        context.push(tracked, false);
        kernel.close(0);
        return held;
    }

    private void awaitFree() {
        if (owner.get() != null) {
            kernel.spin(free);
        }
    }

    private void unlock(long masks) {
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
            holder.leave(masks);
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
