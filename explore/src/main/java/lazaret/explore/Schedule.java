// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import lazaret.machine.Chance;

/** How a single run is scheduled. */
public enum Schedule {
    /** Stay on the running strand; every choice benign. */
    STRAIGHT,
    /** Everything equally likely. */
    RANDOM,
    /** {@link Pct} with a depth of 1 … 4 taken from the seed. */
    PCT;

    private static final int DEPTHS = 4;

    /** @param decisions the number of who-choices a run of this program has, about */
    public Chance chance(long seed, int decisions) {
        return switch (this) {
            case STRAIGHT -> Chance.FIRST;
            case RANDOM -> new RandomWalk(seed);
            case PCT -> new Pct(seed, 1 + (int) Math.floorMod(seed, (long) DEPTHS), Math.max(1, decisions));
        };
    }
}
