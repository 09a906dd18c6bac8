// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.Arrays;
import lazaret.machine.Chance;

/**
 * All runs of a small program, one after the other, without any reduction: the choices of a run are the digits of a number,
 * and {@link #next} counts on. For programs that end and have few enough choices.
 */
public final class Odometer implements Chance {
    private int[] picked = new int[64];
    private int[] arity = new int[64];
    private int depth;
    private int known;

    /** Prepares the next run; false when every run was taken. Not called before the first. */
    public boolean next() {
        known = depth;
        while (known > 0 && picked[known - 1] + 1 == arity[known - 1]) {
            known--;
        }
        depth = 0;
        if (known == 0) {
            return false;
        }
        picked[known - 1]++;
        return true;
    }

    @Override
    public int pick(int n, String why) {
        if (depth == picked.length) {
            picked = Arrays.copyOf(picked, depth * 2);
            arity = Arrays.copyOf(arity, depth * 2);
        }
        if (depth >= known) {
            picked[depth] = 0;
        }
        arity[depth] = n;
        return picked[depth++];
    }
}
