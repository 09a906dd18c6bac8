// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.concurrent.locks.LockSupport;

/**
 * The twin: a coroutine on a platform thread of its own, handed the turn strictly. A hundred times slower
 * than a continuation and independent of it, which is what makes it a witness.
 */
final class ThreadCoroutine implements Coroutine {
    /**
     * Unwinds a body that will not be resumed. An error, so that code under test does not catch it by
     * accident.
     */
    private static final class Abandoned extends Error {
        Abandoned() {
            super("abandoned", null, false, false);
        }
    }

    private final Thread thread;
    private Thread carrier;
    private Throwable escaped;
    private boolean begun;
    private boolean abandoned;
    private volatile boolean inside;
    private volatile boolean done;

    ThreadCoroutine(Runnable body) {
        thread = Thread.ofPlatform().daemon().name("twin").unstarted(() -> live(body));
    }

    @Override
    public void resume() {
        carrier = Thread.currentThread();
        inside = true;
        if (begun) {
            LockSupport.unpark(thread);
        } else {
            begun = true;
            thread.start();
        }
        while (inside) {
            LockSupport.park(this);
        }
        switch (escaped) {
            case null -> { }
            case RuntimeException exception -> throw exception;
            case Error error -> throw error;
            default -> throw new IllegalStateException(escaped);
        }
    }

    @Override
    public void pause() {
        if (!abandoned) {
            leave();
            while (!inside) {
                LockSupport.park(this);
            }
        }
        if (abandoned) {
            throw new Abandoned();
        }
    }

    @Override
    public boolean done() {
        return done;
    }

    @Override
    public void abandon() {
        if (begun && !done) {
            abandoned = true;
            resume();
        }
    }

    /** Did the thread end? */
    boolean gone() throws InterruptedException {
        thread.join(10_000);
        return !thread.isAlive();
    }

    private void live(Runnable body) {
        try {
            body.run();
        } catch (Abandoned unwound) {
            // as intended
        } catch (Throwable other) {
            escaped = other;
        }
        done = true;
        leave();
    }

    private void leave() {
        inside = false;
        LockSupport.unpark(carrier);
    }
}
