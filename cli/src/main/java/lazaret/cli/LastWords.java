// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** When the JVM is told to end, by Ctrl-C say, there is time to tell what is known so far. */
final class LastWords implements AutoCloseable {
    private static final long LAST_WORDS_S = 10;

    private final CountDownLatch said = new CountDownLatch(1);
    private final Thread interrupted = new Thread(this::hurry, "interrupted");
    private final Runnable told;
    private volatile boolean wanted;

    private LastWords(Runnable told) {
        this.told = told;
    }

    /**
     * From here on, until it is closed.
     *
     * @param told run when the JVM is told to end
     */
    static LastWords begin(Runnable told) {
        var words = new LastWords(told);
        Runtime.getRuntime().addShutdownHook(words.interrupted);
        return words;
    }

    /** Is it time to come to an end? */
    boolean wanted() {
        return wanted;
    }

    /** All that there is to say was said. */
    @Override
    public void close() {
        said.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(interrupted);
        } catch (IllegalStateException shuttingDown) {
            // then it runs already, and waits no longer
        }
    }

    private void hurry() {
        wanted = true;
        told.run();
        try {
            said.await(LAST_WORDS_S, TimeUnit.SECONDS);
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
        }
    }
}
