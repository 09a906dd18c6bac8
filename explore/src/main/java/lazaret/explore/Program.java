// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.List;
import lazaret.machine.Machine;

/**
 * What is explored: a machine whose journal stands at the mark, the software that a run starts, and whoever
 * judges. Everything a run changes lives in cells of that machine, the judge's memory too; or else states are
 * taken for equal that are not.
 */
public interface Program {
    Machine machine();

    /** A run begins; the machine is rolled back. */
    default void begin() { }

    /** Starts the software; see {@link Run#execute}. */
    void start();

    /**
     * Which rules the run broke, each by a name that is the same for the same kind of bug; mostly none.
     *
     * @param ending {@link Ending.Stopped} for a run that is not followed further, because others went on
     *               from there: only what has happened counts
     */
    List<String> judge(Ending ending);
}
