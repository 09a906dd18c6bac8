// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.util.function.LongConsumer;

/** How much of a file has been read, on a terminal. */
final class Bar implements LongConsumer {
    private static final int CELLS = 30;
    private static final long EVERY_MS = 200;
    private static final long MEGA = 1_000_000;

    private final long start = System.currentTimeMillis();
    private final long total;
    private long shown;

    /** @param total bytes, 0 if that is not known */
    Bar(long total) {
        this.total = total;
    }

    @Override
    public void accept(long bytes) {
        long now = System.currentTimeMillis();
        boolean end = bytes == total;
        if (end ? shown > 0 : now - Math.max(shown, start) > EVERY_MS) {
            shown = now;
            System.err.print("\r\033[K" + (end ? "" : line(bytes, Math.max(1, now - start))));
        }
    }

    private String line(long bytes, long ms) {
        String rate = bytes / MEGA + " MB, " + bytes / 1_000 / ms + " MB/s";
        if (total == 0) {
            return rate;
        }
        int full = (int) (bytes * CELLS / total);
        return "[" + "=".repeat(full) + " ".repeat(CELLS - full) + "] " + bytes * 100 / total + " %, " + rate;
    }
}
