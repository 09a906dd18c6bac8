// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import lazaret.kernel.LockOrder.Complaint;
import lazaret.kernel.LockOrder.LockClass;
import lazaret.kernel.LockOrder.Use;

/** A lock as the checks see it: what it is called, its class in the {@link LockOrder}, its resource. */
final class Tracked {
    final Kernel kernel;
    final String name;
    final long id;
    private final LockClass lockClass;

    Tracked(Kernel kernel, String name) {
        this.kernel = kernel;
        this.name = name;
        id = kernel.newId();
        lockClass = kernel.lockOrder().classOf(name);
    }

    /**
     * Checks made when the lock is asked for, before any wait: so a deadlock is explained and not only met.
     */
    void ask(Context context, boolean shared) {
        checkUse(context, shared);
        for (Context.Hold hold = context.held(); hold != null; hold = hold.below()) {
            if (!(hold.lock() == this && hold.shared() && shared)) {
                follow(hold.lock(), context);
            }
        }
    }

    /** {@code context} would wait for whoever is inside; nothing is taken. */
    void wouldWait(Context context) {
        for (Context.Hold hold = context.held(); hold != null; hold = hold.below()) {
            follow(hold.lock(), context);
        }
    }

    private void follow(Tracked held, Context context) {
        complain(kernel.lockOrder().edge(held.lockClass, lockClass), context);
    }

    private void checkUse(Context context, boolean shared) {
        switch (context.kind) {
            case HARDIRQ -> use(Use.IN_HARDIRQ, context, shared);
            case SOFTIRQ -> {
                use(Use.IN_SOFTIRQ, context, shared);
                if (!context.irqsOff()) {
                    use(Use.HARDIRQS_ON, context, shared);
                }
            }
            case TASK -> {
                if (!context.irqsOff()) {
                    use(Use.HARDIRQS_ON, context, shared);
                    use(Use.SOFTIRQS_ON, context, shared);
                }
            }
        }
    }

    private void use(Use use, Context context, boolean shared) {
        complain(kernel.lockOrder().use(lockClass, use, shared), context);
    }

    private void complain(Complaint complaint, Context context) {
        if (complaint != null) {
            kernel.broken(complaint.rule(), complaint.what() + " (by " + context.name + ")");
        }
    }
}
