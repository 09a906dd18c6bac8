// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

import java.util.function.BooleanSupplier;

/**
 * What software under test sees of the scheduler: where others may run, where it must wait, and how it starts
 * more software. {@link Alone} runs everything inline; the explorer's implementation decides at every point.
 */
public interface Strands {
    /** Who is running. Before a run starts this is a strand named {@code boot}. */
    Strand current();

    /**
     * A scheduling point: anyone may step before the caller does what it announces.
     *
     * @param access   what the caller is about to do
     * @param resource which cell it will touch: an address, a register offset, a lock's id; for reductions
     */
    void point(Access access, long resource);

    /**
     * Returns when {@code condition} holds; until then the caller is not enabled. This too is a scheduling
     * point.
     */
    void await(Condition condition);

    /**
     * Starts software.
     *
     * @param name   unique in the run
     * @param lane   the column it is drawn in
     * @param mayRun its CPU's consent, asked in addition to whatever it waits for
     * @param body   the code; an exception that escapes it is a finding ("oops")
     */
    Strand start(String name, String lane, Condition mayRun, Runnable body);

    /**
     * Tries until it works: a compare-and-exchange and the reads before it, say. An attempt that fails must
     * have changed nothing, so that a search need not follow it: it is as if it had not been made. A search
     * checks that.
     *
     * @param attempt makes one attempt, with its scheduling points; did it work?
     */
    default void retryUntil(BooleanSupplier attempt) {
        while (!attempt.getAsBoolean()) {
            // once more
        }
    }

    /**
     * Lazaret itself failed on a stack that may be software's: a device register, a listener. Ends the run;
     * {@code bug} surfaces at whoever started the run, so that software is not blamed for it and cannot catch
     * it. {@link Unmodelled} ends the run as such. Does not return: callers write {@code throw
     * strands.broken(bug)}.
     */
    default RuntimeException broken(Throwable bug) {
        switch (bug) {
            case RuntimeException exception -> throw exception;
            case Error error -> throw error;
            default -> throw new IllegalStateException(bug);
        }
    }
}
