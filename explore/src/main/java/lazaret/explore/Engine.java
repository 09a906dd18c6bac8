// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import lazaret.machine.Footprint;

/**
 * Which of all runs a search makes. It is asked at each node that is new, told what each new step touched,
 * and asked again when all that followed from its choice is done.
 */
interface Engine {
    /** Does it want to know what steps touch? */
    boolean wantsFootprints();

    /** Does it want {@link Node#key}? */
    boolean wantsKeys();

    /** Does it want {@link Node#need}? */
    default boolean wantsPersistent() {
        return false;
    }

    /** Is every point a decision, even one where nobody could make a difference? */
    default boolean everyPoint() {
        return false;
    }

    /** The first of {@code n} alternatives of a choice inside a step that is made. */
    default int first(int n) {
        return 0;
    }

    /** Who may step after the last step of {@code path}: maybe nobody. */
    default void enabled(Path path, Node after) {
        // most do not care
    }

    /** Does it want to know of {@link #blocked}? */
    default boolean wantsBlocked() {
        return false;
    }

    /**
     * After the last step of {@code path} this strand may not step, by what it {@code asked}. Told when it
     * first may not, and again after each step that changed some of that.
     */
    default void blocked(Path path, int code, Footprint asked) {
        // most do not care
    }

    /**
     * The search stands at a new node, the last of {@code path}.
     *
     * @return the place of the strand to step, −1 to go no further
     */
    int arrive(Path path, Node node);

    /** The step chosen at the last node of {@code path} was made. */
    void stepped(Path path);

    /** The next one to step at {@code node}; −1 when there is none. */
    int again(Path path, Node node);

    /** An attempt that changed nothing has failed: need this run not be followed any further? */
    boolean prunesRetries();

    /** How many different states it has met; 0 if it does not know. */
    default long states() {
        return 0;
    }

    /** Has it left out something that makes a difference, because that lay beyond a bound? */
    default boolean beyond() {
        return false;
    }
}
