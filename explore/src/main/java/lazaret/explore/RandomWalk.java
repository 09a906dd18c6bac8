// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.SplittableRandom;
import lazaret.machine.Chance;

/** Every alternative equally likely, everywhere. */
public final class RandomWalk implements Chance {
    private final SplittableRandom random;

    public RandomWalk(long seed) {
        random = new SplittableRandom(seed);
    }

    @Override
    public int pick(int n, String why) {
        return random.nextInt(n);
    }
}
