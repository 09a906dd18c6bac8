// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.function.BooleanSupplier;
import lazaret.machine.Access;
import lazaret.machine.Condition;
import lazaret.machine.Strand;

/** Steers a run step by step, where a {@link lazaret.machine.Chance} is only asked when there is a choice. */
interface Guide {
    /** The run begins: boot is about to start the software. */
    void begins();

    /** {@code task} takes part from the next step on. */
    void started(Task task);

    /** {@code self} passes a point: true when it simply goes on, with no decision. */
    boolean passes(Task self, Access access, long resource);

    /** {@code self} comes to where it waits. */
    void waits(Task self, Condition condition);

    /** Who steps next; null when the run has been ended. */
    Strand elect(Task self);

    /** What happens: one of {@code n}. */
    int pick(int n, String why);

    /** A loop, see {@link lazaret.machine.Strands#retryUntil}. */
    void tries(Task self, BooleanSupplier attempt);
}
