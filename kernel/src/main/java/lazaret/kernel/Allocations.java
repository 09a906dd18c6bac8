// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import lazaret.kernel.KernelEntry.AllocationFailed;
import lazaret.kernel.KernelEntry.BrokenContext;
import lazaret.machine.Log;
import lazaret.machine.Word;

/**
 * Which allocations of a run fail: none, exactly the n-th ({@code fail_nth}), or whichever the run chooses.
 *
 * @req R126
 */
public final class Allocations {
    private static final long NONE = 0;
    private static final long BY_CHOICE = -1;

    private final Kernel kernel;
    private final Word failing;
    private final Word count;

    Allocations(Kernel kernel) {
        this.kernel = kernel;
        failing = new Word(kernel.machine().undo(), NONE);
        count = new Word(kernel.machine().undo());
    }

    public void neverFail() {
        failing.set(NONE);
    }

    /** Each allocation may fail: a choice, of which success is the benign alternative. */
    public void failByChoice() {
        failing.set(BY_CHOICE);
    }

    /**
     * Exactly one allocation fails.
     *
     * @param nth counted from now on, from 1
     */
    public void failNth(long nth) {
        if (nth < 1) {
            throw new IllegalArgumentException("the first allocation is number 1, not " + nth);
        }
        count.set(0);
        failing.set(nth);
    }

    /** How many allocations there were since {@link #failNth}: where a loop over it ends. */
    public long count() {
        return count.get();
    }

    boolean succeeds(Gfp gfp, String what) {
        if (gfp == Gfp.KERNEL) {
            kernel.context().maySleep(BrokenContext.ALLOCATION, what);
        }
        long nth = count.add(1);
        boolean fails = failing.get() == nth
                || failing.get() == BY_CHOICE && kernel.machine().pick(2, "does this allocation fail?") == 1;
        Log log = kernel.machine().log();
        if (fails && log.hears()) {
            log.add(new AllocationFailed(what, nth));
        }
        return !fails;
    }
}
