// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

/**
 * The only source of anything undetermined: scheduling, faults, inputs, "may the TLB forget this now?".
 * Searches, replays and tests are implementations of it. What did not go through it did not happen.
 */
@FunctionalInterface
public interface Chance {
    /** Always the first alternative, which every caller arranges to be the benign one. */
    Chance FIRST = (n, why) -> 0;

    /**
     * Picks one of {@code n} alternatives.
     *
     * @param n   how many there are, at least 1; alternative 0 is the benign one
     * @param why what is being decided, a constant phrase that a reader of a replay file understands
     * @return 0 … n−1
     */
    int pick(int n, String why);

    /**
     * Picks who steps next. {@code enabled[0]} is the running strand if it may go on, the rest follow in the
     * order in which they were added to the machine; only the first {@code n} elements count.
     */
    default int who(Strand[] enabled, int n) {
        return pick(n, "who");
    }
}
