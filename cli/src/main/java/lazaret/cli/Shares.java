// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import lazaret.explore.Explorer;
import lazaret.lab.compare.Pace;

/** Gives each of many searches its share of the time that is left when it begins. */
final class Shares implements Pace {
    private final long end;
    private final int atOnce;
    private final AtomicInteger begun = new AtomicInteger();

    /** @param atOnce so many searches go on at a time */
    Shares(Budget budget, int atOnce) {
        end = System.nanoTime() + budget.time().toNanos();
        this.atOnce = atOnce;
    }

    @Override
    public Explorer.Watch next(int all) {
        int left = all - begun.getAndIncrement();
        long now = System.nanoTime();
        long until = now + Math.max(0, end - now) / left * Math.min(left, atOnce);
        if (Console.terminal()) {
            System.err.print("\r\033[K" + (left == 1 ? "" : left + " searches to go, "
                    + TimeUnit.NANOSECONDS.toSeconds(end - now) + " s"));
        }
        return (_, _, _) -> System.nanoTime() - until >= 0;
    }
}
