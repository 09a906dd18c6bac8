// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import lazaret.machine.Access;
import lazaret.machine.Strand;

/**
 * Sees every step of a run, also those that nobody had to choose. A {@link lazaret.machine.Chance} that is an
 * onlooker too is told by its {@link Run}.
 */
public interface Onlooker {
    /** Software says what it will do next. Others may step before it does. */
    void announces(Strand who, Access access, long resource);

    /** This strand steps now: software goes on until it announces something, hardware takes one step. */
    void steps(Strand who);

    /** This software takes part from the next step on. */
    default void starts(Strand who) { }
}
