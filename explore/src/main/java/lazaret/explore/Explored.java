// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import lazaret.machine.Mix;

/**
 * What a search has found and how far it came.
 *
 * @param complete    was every run made that the engine would make?
 * @param beyond      was something left out that makes a difference, as {@link Explorer.Method#BOUND} does?
 * @param passes      how often it began, each time knowing better what is shared, see {@link Sharing}
 * @param shared      how many kinds of points were found to be shared; 0 if all points count
 * @param runs        runs executed, among them those that were cut
 * @param cuts        runs that ended where another one had been
 * @param states      different states met, where somebody chose; 0 if the engine keeps none
 * @param transitions steps that were new, not the repetition of a known beginning
 * @param steps       all steps executed
 * @param deepest     the longest run, in decisions
 * @param endings     how runs ended, and how many of them so
 * @param found       the first run of each kind of finding
 * @param endStates   hashes of the states in which runs ended, sorted
 */
public record Explored(boolean complete, boolean beyond, int passes, int shared, long runs, long cuts,
        long states, long transitions, long steps, int deepest, Map<String, Long> endings,
        List<Found> found, long[] endStates) {
    /** Not begun. */
    public static final Explored NOTHING =
            new Explored(false, false, 0, 0, 0, 0, 0, 0, 0, 0, Collections.emptyMap(), List.of(),
                    new long[0]);

    /**
     * The probability that two of the states met had one 64-bit key, so that something was left out. The
     * birthday bound, n²/2⁶⁵.
     */
    public double omission() {
        return (double) states * states / Math.pow(2, 65);
    }

    /** A hash over the end states. */
    public long digest() {
        return Arrays.stream(endStates).reduce(endStates.length, Mix::of);
    }

    @Override
    public String toString() {
        return (complete ? "complete" : "cut off") + ": " + passes + " passes, " + shared + " shared, "
                + runs + " runs (" + cuts + " cut), " + states + " states, " + transitions + " transitions, "
                + steps + " steps, deepest " + deepest + ", " + endStates.length + " end states, " + endings
                + ", " + found.stream().map(Found::kind).toList();
    }
}
