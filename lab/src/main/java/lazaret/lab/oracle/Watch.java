// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import lazaret.explore.Ending;

/** One property. Its state lives in cells: it is rolled back with the machine. */
interface Watch {
    /** Says what it wants to hear of; once, before anything happens. */
    default void listen(Ears ears) { }

    /** Judges what can only be judged when the run is over. */
    default void end(Ending ending) { }
}
