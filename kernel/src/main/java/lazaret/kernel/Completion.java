// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import lazaret.machine.Access;
import lazaret.machine.Condition;
import lazaret.machine.Word;

/** Something that tasks sleep for until somebody says that it is done. */
public final class Completion {
    private static final long ALL = Long.MAX_VALUE;

    private final Kernel kernel;
    private final String name;
    private final long id;
    private final Word done;
    private final Condition isDone;

    public Completion(Kernel kernel, String name) {
        this.kernel = kernel;
        this.name = name;
        id = kernel.newId();
        done = new Word(kernel.machine().undo());
        isDone = done::test;
    }

    /** Lets one waiter go on, now or when it comes. Allowed everywhere. */
    public void complete() {
        kernel.point(Access.UPDATE, id);
        if (done.get() != ALL) {
            done.add(1);
        }
    }

    /** Lets everybody go on until {@link #reinit}. */
    public void completeAll() {
        kernel.point(Access.UPDATE, id);
        done.set(ALL);
    }

    public void reinit() {
        kernel.point(Access.UPDATE, id);
        done.set(0);
    }

    public boolean done() {
        return done.test();
    }

    /**
     * @kernel wait_for_completion
     */
    public void await() {
        kernel.mightSleep("wait for " + name);
        kernel.waitForSoftware(isDone);
        use();
    }

    /**
     * Was it done within {@code timeoutUs}?
     *
     * @kernel wait_for_completion_timeout
     */
    public boolean await(long timeoutUs) {
        kernel.mightSleep("wait for " + name);
        boolean was = kernel.pollSoftware(isDone, timeoutUs);
        if (was) {
            use();
        }
        return was;
    }

    private void use() {
        if (done.get() != ALL) {
            done.add(-1);
        }
    }
}
