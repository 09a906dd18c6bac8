// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.Arrays;
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
    private Strand[] known = new Strand[64];
    private int[] priority = new int[64];
    /** Where those that were enabled stand in the table: nearly always the same as the last time. */
    private int[] places = new int[16];
    private int count;
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
                int dropped = slot(enabled[best]);
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
            places = new int[n * 2];
        }
        for (int i = 0; i < n; i++) {
            if (known[places[i]] != enabled[i]) {
                places[i] = slot(enabled[i]);       // may move the table
            }
            if (priority[places[i]] > most) {
                most = priority[places[i]];
                best = i;
            }
        }
        return best;
    }

    /** Where the strand stands in an open table keyed by its name, which is hashed once in its life. */
    private int slot(Strand strand) {
        int mask = known.length - 1;
        int i = strand.name().hashCode() * 0x9E3779B9 >>> 16 & mask;
        while (known[i] != strand) {
            if (known[i] == null) {
                return meet(strand, i);
            }
            i = i + 1 & mask;
        }
        return i;
    }

    private int meet(Strand strand, int free) {
        if (count * 2 >= known.length) {
            grow();
            return slot(strand);
        }
        known[free] = strand;
        priority[free] = random.nextInt(1, Integer.MAX_VALUE);
        count++;
        return free;
    }

    private void grow() {
        Strand[] oldKnown = known;
        int[] oldPriority = priority;
        known = new Strand[oldKnown.length * 2];
        priority = new int[known.length];
        for (int i = 0; i < oldKnown.length; i++) {
            if (oldKnown[i] != null) {
                int mask = known.length - 1;
                int at = oldKnown[i].name().hashCode() * 0x9E3779B9 >>> 16 & mask;
                while (known[at] != null) {
                    at = at + 1 & mask;
                }
                known[at] = oldKnown[i];
                priority[at] = oldPriority[i];
            }
        }
    }
}
