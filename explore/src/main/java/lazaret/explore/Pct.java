// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.SplittableRandom;
import lazaret.machine.Chance;
import lazaret.machine.Strand;

/**
 * Probabilistic concurrency testing: each strand gets a random priority, the highest enabled one steps, and
 * at {@code depth − 1} random steps the one that would have stepped drops below all that never dropped. A bug
 * that needs {@code depth} ordering constraints among n strands in k decisions is hit with probability at
 * least 1/(n·k^(depth−1)). What-choices are uniform.
 */
public final class Pct implements Chance {
    private final SplittableRandom random;
    private final int[] changes;
    private final Known known = new Known();
    private int[] priority = new int[64];
    /** Those that were enabled last, and their numbers: nearly always the same as the last time. */
    private Strand[] last = new Strand[16];
    private int[] places = new int[16];
    private int decisions;

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
        // The i-th change drops to −i−1 whenever it comes: which of two dropped strands is lower is random.
        for (int i = 0; i < changes.length; i++) {
            if (changes[i] == decisions) {
                int dropped = number(enabled[best]);
                priority[dropped] = -i - 1;
                best = highest(enabled, n);
            }
        }
        decisions++;
        return best;
    }

    private int highest(Strand[] enabled, int n) {
        int best = 0;
        int most = Integer.MIN_VALUE;
        if (n > places.length) {
            last = new Strand[n * 2];
            places = new int[n * 2];
        }
        for (int i = 0; i < n; i++) {
            if (last[i] != enabled[i]) {
                last[i] = enabled[i];
                places[i] = number(enabled[i]);
            }
            if (priority[places[i]] > most) {
                most = priority[places[i]];
                best = i;
            }
        }
        return best;
    }

    private int number(Strand strand) {
        int before = known.size();
        int at = known.number(strand);
        if (at == before) {
            priority = known.room(priority);
            priority[at] = random.nextInt(1, Integer.MAX_VALUE);
        }
        return at;
    }
}
