// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import lazaret.explore.Explorer;

/**
 * Ends an exploration when its time is up, at the first finding unless all are wanted, and when the user
 * says so: Ctrl-C gives the summary of what was done so far. Shows the progress on a terminal.
 */
final class Patience implements Explorer.Watch, AutoCloseable {
    private static final long EVERY_MS = 500;
    private static final long CHECKPOINT_MS = 8_000;

    private final long start = System.nanoTime();
    private final Budget budget;
    private final boolean all;
    private final LastWords words = LastWords.begin(() -> { });
    private long shown;
    private long written;

    private Patience(Budget budget, boolean all) {
        this.budget = budget;
        this.all = all;
    }

    static Patience of(Budget budget, boolean all) {
        return new Patience(budget, all);
    }

    @Override
    public boolean enough(long runs, long states, int found) {
        boolean enough = words.wanted() || found > 0 && !all || ms() > budget.time().toMillis();
        if (Console.terminal() && (enough ? shown > 0 : ms() - shown > EVERY_MS)) {
            shown = ms();
            System.err.print("\r\033[K" + (enough ? "" : line(runs, states, found)));
        }
        return enough;
    }

    /** The same, but for so many eighths of the time only. */
    Explorer.Watch eighths(int n) {
        return (runs, states, found) -> enough(runs, states, found)
                || ms() > budget.time().toMillis() / 8 * n;
    }

    /** Is it time to write a checkpoint? */
    boolean due() {
        boolean due = ms() - written > CHECKPOINT_MS;
        if (due) {
            written = ms();
        }
        return due;
    }

    private String line(long runs, long states, int found) {
        return runs + " runs, " + runs * 1000 / ms() + "/s, " + states + " states, " + found + " findings, "
                + took() + " of " + budget.time().toSeconds() + " s";
    }

    /** How long it took so far: {@code 3.2 s}. */
    String took() {
        return String.format(Locale.ROOT, "%.1f s", ms() / 1000.0);
    }

    /** How long it took since somebody asked for it, the start of this JVM included. */
    double seconds() {
        Instant now = Instant.now();
        return Duration.between(ProcessHandle.current().info().startInstant().orElse(now), now).toMillis()
                / 1000.0;
    }

    /** All that there is to say was said. */
    @Override
    public void close() {
        words.close();
    }

    private long ms() {
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }
}
