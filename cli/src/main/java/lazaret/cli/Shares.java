// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.util.concurrent.TimeUnit;
import lazaret.explore.Explorer;
import lazaret.lab.compare.Pace;

/** Gives each of many searches its share of the time that is left when it begins. */
final class Shares implements Pace {
    private final long end;

    Shares(Budget budget) {
        end = System.nanoTime() + budget.time().toNanos();
    }

    @Override
    public Explorer.Watch next(int left) {
        long now = System.nanoTime();
        long until = now + Math.max(0, end - now) / left;
        if (Console.terminal()) {
            System.err.print("\r\033[K" + (left == 1 ? "" : left + " searches to go, "
                    + TimeUnit.NANOSECONDS.toSeconds(end - now) + " s"));
        }
        return (_, _, _) -> System.nanoTime() - until >= 0;
    }
}
