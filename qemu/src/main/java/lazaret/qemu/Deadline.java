// SPDX-License-Identifier: Apache-2.0
package lazaret.qemu;

import java.time.Duration;

/** Real time, for the one purpose of not waiting for ever. */
record Deadline(long nanos) {
    /** How long anything may take that QEMU does at once. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final long A_MOMENT_MS = 5;

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
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
            Thread.currentThread().interrupt();
            throw new QemuFailure("interrupted while waiting for QEMU", e);
        }
    }
}
