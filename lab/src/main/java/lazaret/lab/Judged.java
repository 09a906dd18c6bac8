// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.List;
import lazaret.explore.Ending;
import lazaret.lab.oracle.Violation;

/**
 * One run and what the oracle says of it.
 *
 * @param violations in the order in which they happened
 * @param steps      see {@link lazaret.explore.Run#steps}
 * @param switches   see {@link lazaret.explore.Run#switches}
 * @param time       virtual time at the end, in microseconds
 * @param digest     see {@link lazaret.explore.Run#digest}
 */
public record Judged(Ending ending, List<Violation> violations, int steps, int switches, long time,
        long digest) {
    /** The violation to report: of the lowest property, the earliest. Null when there is none. */
    public Violation main() {
        Violation main = null;
        for (Violation v : violations) {
            if (main == null || v.property().compareTo(main.property()) < 0) {
                main = v;
            }
        }
        return main;
    }
}
