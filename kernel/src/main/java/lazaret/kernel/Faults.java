// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import lazaret.kernel.KernelEntry.BrokenContext;
import lazaret.kernel.KernelEntry.Faulted;
import lazaret.machine.Log;
import lazaret.machine.Word;

/**
 * Which calls of a run fail that could: none, exactly the n-th ({@code fail_nth}), or whichever the run
 * chooses. Allocations can, and callbacks of drivers.
 *
 * @req R126
 */
public final class Faults {
    private static final long NONE = 0;
    private static final long BY_CHOICE = -1;

    private final Kernel kernel;
    private final Word failing;
    /** Not kept while nothing fails: that would tie calls together that have nothing in common. */
    private final Word count;

    Faults(Kernel kernel) {
        this.kernel = kernel;
        failing = new Word(kernel.machine().undo(), NONE);
        count = new Word(kernel.machine().undo());
    }

    public void neverFail() {
        failing.set(NONE);
    }

    /** Each call may fail: a choice, of which success is the benign alternative. */
    public void failByChoice() {
        failing.set(BY_CHOICE);
    }

    /**
     * Exactly one call fails.
     *
     * @param nth counted from now on, from 1
     */
    public void failNth(long nth) {
        if (nth < 1) {
            throw new IllegalArgumentException("the first call is number 1, not " + nth);
        }
        count.set(0);
        failing.set(nth);
    }

    /** How many calls could have failed since {@link #failNth}: where a loop over it ends. */
    public long count() {
        return count.get();
    }

    /** Has the n-th call failed? */
    public boolean happened() {
        return failing.get() > 0 && count.get() >= failing.get();
    }

    /** A driver's callback, which may say no: does it? @param what whose and which */
    public boolean callbackFails(String what) {
        return fails(what);
    }

    boolean succeeds(Gfp gfp, String what) {
        if (gfp == Gfp.KERNEL) {
            kernel.context().maySleep(BrokenContext.ALLOCATION, what);
        }
        return !fails("no memory for " + what);
    }

    private boolean fails(String what) {
        if (failing.get() == NONE) {
            return false;
        }
        long nth = count.add(1);
        boolean fails = failing.get() == nth
                || failing.get() == BY_CHOICE && kernel.machine().pick(2, "does this call fail?") == 1;
        Log log = kernel.machine().log();
        if (fails && log.hears()) {
            log.add(new Faulted(what, nth));
        }
        return fails;
    }
}
