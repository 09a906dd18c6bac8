// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.Comparator;

/**
 * What a reader of a run has to bear: what was unkind first, that is decisions that were not the benign ones
 * and time that passed; then how much is going on, then how long it takes.
 *
 * @param picks      decisions that were not the benign ones
 * @param passes     how often time passed
 * @param departures from the default, those picks among them
 * @param handovers  how often a step was taken in another lane than the one before
 * @param steps      until the run ended
 */
public record Cost(int picks, int passes, int departures, int handovers, int steps)
        implements Comparable<Cost> {
    private static final Comparator<Cost> ORDER = Comparator.<Cost>comparingInt(c -> c.picks + c.passes)
            .thenComparingInt(c -> c.departures + c.handovers).thenComparingInt(Cost::steps);

    @Override
    public int compareTo(Cost other) {
        return ORDER.compare(this, other);
    }
}
