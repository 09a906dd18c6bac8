// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import lazaret.explore.Ending;
import lazaret.machine.Entry;

/** One property, fed by the machine's log. Its state lives in cells: it is rolled back with the machine. */
interface Watch {
    void on(Entry entry);

    /** Judges what can only be judged when the run is over. */
    default void end(Ending ending) { }
}
