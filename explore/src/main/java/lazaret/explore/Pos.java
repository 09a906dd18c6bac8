// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.Arrays;
import java.util.SplittableRandom;
import lazaret.machine.Access;
import lazaret.machine.Chance;
import lazaret.machine.Strand;

/**
 * Partial order sampling (Yuan, Yang, Gu, CAV 2018): each step that may be taken gets a random priority, the
 * highest is taken, and whoever may take a step that races with it draws anew. So a step that has no part in
 * a race says nothing about its order. What-choices are uniform.
 *
 * <p>A race is known from what software announces; hardware announces nothing. Whoever could not step and
 * now can has waited for what was done, and draws anew as well.
 */
public final class Pos implements Chance, Onlooker {
    private final SplittableRandom random;
    private final Known known = new Known();
    private Pending[] pending = new Pending[64];
    private long[] priority = new long[64];
    /** The step before which it was seen enabled last. */
    private int[] seen = new int[64];
    private int steps;

    public Pos(long seed) {
        random = new SplittableRandom(seed);
    }

    @Override
    public int pick(int n, String why) {
        return random.nextInt(n);
    }

    @Override
    public int who(Strand[] enabled, int n) {
        int best = 0;
        long most = Long.MIN_VALUE;
        for (int i = 0; i < n; i++) {
            int at = number(enabled[i]);
            if (seen[at] != steps - 1) {
                draw(at);
            }
            seen[at] = steps;
            if (priority[at] > most) {
                most = priority[at];
                best = i;
            }
        }
        return best;
    }

    @Override
    public void announces(Strand who, Access access, long resource) {
        pending[number(who)] = Pending.of(access, resource);
    }

    @Override
    public void steps(Strand who) {
        int at = number(who);
        Pending done = pending[at];
        for (int i = 0; i < known.size() && done != Pending.UNKNOWN; i++) {
            if (pending[i].races(done)) {
                draw(i);
            }
        }
        pending[at] = Pending.UNKNOWN;
        draw(at);
        steps++;
    }

    private void draw(int at) {
        priority[at] = random.nextLong();
    }

    private int number(Strand strand) {
        int before = known.size();
        int at = known.number(strand);
        if (at == before) {
            if (at == pending.length) {
                pending = Arrays.copyOf(pending, at * 2);
            }
            priority = known.room(priority);
            seen = known.room(seen);
            pending[at] = Pending.UNKNOWN;
            seen[at] = steps - 1;
            draw(at);
        }
        return at;
    }
}
