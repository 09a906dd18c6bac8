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
    PCT,
    /** {@link Pos}: by random priorities of steps, drawn anew where they race. */
    POS,
    /** {@link Surw}: evenly over the orders in which something shared is touched. */
    SURW;

    private static final int DEPTHS = 4;

    /** @param decisions the number of who-choices a run of this program has, about */
    public Chance chance(long seed, int decisions) {
        return chance(seed, Census.of(decisions));
    }

    /** @param census what runs of this program are like */
    public Chance chance(long seed, Census census) {
        return switch (this) {
            case STRAIGHT -> Chance.FIRST;
            case RANDOM -> new RandomWalk(seed);
            case PCT -> new Pct(seed, 1 + (int) Math.floorMod(seed, (long) DEPTHS), census.decisions());
            case POS -> new Pos(seed);
            case SURW -> new Surw(seed, census);
        };
    }
}
