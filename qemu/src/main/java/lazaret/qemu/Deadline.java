// SPDX-License-Identifier: Apache-2.0
package lazaret.qemu;


import java.util.concurrent.TimeUnit;

/** Real time, for the one purpose of not waiting for ever. */
record Deadline(long nanos) {
    /** How long anything may take that QEMU does at once. */
    static final long PATIENCE_MS = 10_000;

    private static final long A_MOMENT_MS = 5;

    static Deadline in(long millis) {
        return new Deadline(System.nanoTime() + millis * 1_000_000);
    }

    boolean over() {
        return nanos - System.nanoTime() <= 0;
    }

    /** At least 1, because 0 means for ever to those who wait. */
    long millisLeft() {
        return Math.max(1, (nanos - System.nanoTime()) / 1_000_000);
    }

    static void pause() {
        try {
            Thread.sleep(A_MOMENT_MS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Has the process ended, or does it within {@code millis}? */
    static boolean ended(Process process, long millis) {
        try {
            return process.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static QemuFailure interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new QemuFailure("interrupted while waiting for QEMU", e);
    }
}
