// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.List;
import lazaret.explore.Ending;

/** One property. Its state lives in cells: it is rolled back with the machine. */
interface Watch {
    /** What it wants to hear of. */
    default List<Ear<?>> ears() {
        return List.of();
    }

    /** Judges what can only be judged when the run is over. */
    default void end(Ending ending) { }
}
