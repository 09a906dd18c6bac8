// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import lazaret.kernel.KernelEntry.BrokenContext;
import lazaret.machine.Access;
import lazaret.machine.Condition;
import lazaret.machine.Ref;
import lazaret.machine.Words;

/**
 * A spinning lock that many readers or one writer hold. A reader may read again, also from an interrupt on
 * top of it.
 */
public final class RwLock implements Lock {
    private static final int CPUS = 8;
    private static final long PLAIN = Context.PREEMPT;
    private static final long IRQSAVE = Context.PREEMPT | Context.IRQS_OFF;

    private final Kernel kernel;
    private final Tracked tracked;
    /** Counted for each CPU, so that readers have nothing to do with each other. */
    private final Words readers;
    private final Ref<Context> writer;
    private final Condition unwritten;
    private final Condition free;
    private final Held read = () -> readUnlock(PLAIN);
    private final Held readIrqsave = () -> readUnlock(IRQSAVE);
    private final Held write = () -> writeUnlock(PLAIN);
    private final Held writeIrqsave = () -> writeUnlock(IRQSAVE);

    /** @param name that of its class: locks of one name share one place in the lock order */
    public RwLock(Kernel kernel, String name) {
        this.kernel = kernel;
        tracked = new Tracked(kernel, name);
        readers = new Words(kernel.machine().undo(), CPUS);
        writer = new Ref<>(kernel.machine().undo(), null);
        unwritten = () -> writer.get() == null;
        free = () -> writer.get() == null && unread();
    }

    @Override
    public String name() {
        return tracked.name;
    }

    public Held read() {
        return readLock(PLAIN, read);
    }

    public Held readIrqsave() {
        return readLock(IRQSAVE, readIrqsave);
    }

    public Held write() {
        return writeLock(PLAIN, write);
    }

    public Held writeIrqsave() {
        return writeLock(IRQSAVE, writeIrqsave);
    }

    private Held readLock(long masks, Held held) {
        Context context = kernel.context();
        kernel.open();
        kernel.point(Access.ACQUIRE, tracked.id);
        if (writer.get() == context) {
            return recursion(context);
        }
        context.enter(masks);
        tracked.ask(context, true);
        kernel.forgets().run(() -> await(unwritten));
        count(context, 1);
        context.push(tracked, true);
        kernel.close(0);
        return held;
    }

    private Held writeLock(long masks, Held held) {
        Context context = kernel.context();
        kernel.open();
        kernel.point(Access.ACQUIRE, tracked.id);
        if (writer.get() == context || context.has(tracked, true)) {
            return recursion(context);
        }
        context.enter(masks);
        tracked.ask(context, false);
        kernel.forgets().run(() -> await(free));
        writer.set(context);
        context.push(tracked, false);
        kernel.close(0);
        return held;
    }

    private void await(Condition condition) {
        if (!condition.holds()) {
            kernel.spin(condition);
        }
    }

    private void count(Context reader, int more) {
        int slot = reader.cpu.slot(CPUS);
        readers.set(slot, readers.get(slot) + more);
    }

    private boolean unread() {
        for (int i = 0; i < CPUS; i++) {
            if (readers.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    private Held recursion(Context context) {
        kernel.broken(BrokenContext.RECURSION, name() + " by " + context.name);
        kernel.close(1);
        return Held.NOTHING;
    }

    private void readUnlock(long masks) {
        Context context = kernel.context();
        kernel.open();
        kernel.point(Access.RELEASE, tracked.id);
        if (context.pop(tracked, true)) {
            count(context, -1);
            context.leave(masks);
        } else {
            kernel.broken(BrokenContext.UNLOCK, name() + " by " + context.name);
        }
        kernel.close(0);
    }

    private void writeUnlock(long masks) {
        Context context = kernel.context();
        kernel.open();
        kernel.point(Access.RELEASE, tracked.id);
        Context holder = writer.get();
        if (holder != context) {
            kernel.broken(BrokenContext.UNLOCK, name() + " by " + context.name);
        }
        if (holder != null) {
            writer.set(null);
            holder.pop(tracked, false);
            holder.leave(masks);
        }
        kernel.close(0);
    }

    @Override
    public boolean held() {
        Context context = kernel.context();
        return writer.get() == context || context.has(tracked, true);
    }

    @Override
    public boolean heldForWrite() {
        return writer.get() == kernel.context();
    }

    @Override
    public void assertHeld() {
        kernel.requireHeld(this, held());
    }
}
