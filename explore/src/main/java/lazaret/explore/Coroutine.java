// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

/**
 * Code that can stop in the middle of a call and go on later, on the thread that resumes it. Two
 * implementations: the JDK's continuations, which the explorer uses, and platform threads, which exist to
 * check the first against.
 */
interface Coroutine {
    /** Makes coroutines. */
    @FunctionalInterface
    interface Maker {
        Coroutine make(Runnable body);
    }

    /** Runs the body until it pauses or ends; what escapes the body comes out. Called by the carrier. */
    void resume();

    /**
     * Back to the carrier, until somebody resumes. Called inside the body.
     *
     * @throws IllegalStateException when it cannot stop here
     */
    void pause();

    /** Has the body ended? */
    boolean done();

    /** Called by the carrier when the body will not be resumed any more, also if it never began. */
    void abandon();
}
