// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.Arrays;
import lazaret.machine.Chance;

/**
 * All runs of a small program, one after the other, without any reduction: the choices of a run are the
 * digits of a number, and {@link #next} counts on. For programs that end and have few enough choices:
 * {@code do { run(odometer); } while (odometer.next());}
 */
public final class Odometer implements Chance {
    private int[] picked = new int[64];
    private int[] arity = new int[64];
    private int depth;
    private int known;

    /**
     * Prepares the next run; false when every run was taken. Not called before the first.
     *
     * @throws IllegalStateException when the run that just ended made other choices than the run before it at
     * the same place
     */
    public boolean next() {
        if (depth < known) {
            throw undetermined("it ended after " + depth + " where it made " + known + " before");
        }
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
            arity[depth] = n;
        } else if (arity[depth] != n) {
            throw undetermined("choice " + (depth + 1) + ", " + why + ", is among " + n
                    + " where it was among " + arity[depth] + " before");
        }
        return picked[depth++];
    }

    private static IllegalStateException undetermined(String how) {
        return new IllegalStateException("the program is not determined by its choices: " + how);
    }
}
