// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.Arrays;
import java.util.SplittableRandom;
import lazaret.machine.Chance;
import lazaret.machine.Strand;

/**
 * Probabilistic concurrency testing: each strand gets a random priority, the highest enabled one steps, and at {@code depth − 1}
 * random steps the one that would have stepped drops below all others. A bug that needs {@code depth} ordering constraints among
 * n strands in k decisions is hit with probability at least 1/(n·k^(depth−1)). What-choices are uniform.
 */
public final class Pct implements Chance {
    private final SplittableRandom random;
    private final int[] changes;
    private Strand[] known = new Strand[16];
    private int[] priority = new int[16];
    private int count;
    private int decisions;
    private int lowest;

    /**
     * @param depth     number of ordering constraints aimed at, at least 1
     * @param decisions how many who-choices a run is expected to have, at least 1
     */
    public Pct(long seed, int depth, int decisions) {
        random = new SplittableRandom(seed);
        changes = new int[depth - 1];
        for (int i = 0; i < changes.length; i++) {
            changes[i] = random.nextInt(decisions);
        }
    }

    @Override
    public int pick(int n, String why) {
        return random.nextInt(n);
    }

    @Override
    public int who(Strand[] enabled, int n) {
        int best = highest(enabled, n);
        for (int change : changes) {
            if (change == decisions) {
                priority[index(enabled[best])] = --lowest;
                best = highest(enabled, n);
            }
        }
        decisions++;
        return best;
    }

    private int highest(Strand[] enabled, int n) {
        int best = 0;
        for (int i = 1; i < n; i++) {
            if (priority[index(enabled[i])] > priority[index(enabled[best])]) {
                best = i;
            }
        }
        return best;
    }

    private int index(Strand strand) {
        for (int i = 0; i < count; i++) {
            if (known[i] == strand) {
                return i;
            }
        }
        if (count == known.length) {
            known = Arrays.copyOf(known, count * 2);
            priority = Arrays.copyOf(priority, count * 2);
        }
        known[count] = strand;
        priority[count] = random.nextInt(1, Integer.MAX_VALUE);
        return count++;
    }
}
