// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.List;

/**
 * A rule that was broken, in the first run that broke it.
 *
 * @param kind    as {@link Program#judge} names it
 * @param ending  how that run ended, for people
 * @param choices what a {@link Replayer} needs to make that run again
 * @param steps   how long the run is
 */
public record Found(String kind, String ending, List<Choice> choices, int steps) {
    public Found {
        choices = List.copyOf(choices);
    }
}
