// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import lazaret.machine.Access;
import lazaret.machine.Chance;
import lazaret.machine.Strand;

/**
 * Selectively uniform random walk (Zhao and others, ASPLOS 2025): makes every order of the steps that one
 * shared thing is touched by equally likely. Whose turn it is there is drawn by how many such steps each
 * strand has left; others that come to one wait until it has been taken, and all else is a random walk. How
 * many are left is what a {@link Census} of earlier runs says: where it is wrong, orders are less even, and
 * none is lost. What-choices are uniform.
 */
public final class Surw implements Chance, Onlooker {
    /** One of so many seeds makes every step one that counts: a walk that is uniform over whole runs. */
    private static final int WHOLE = 4;

    private final SplittableRandom random;
    private final Census census;
    private final long target;
    private final Known known = new Known();
    private Pending[] pending = new Pending[64];
    private int[] left = new int[64];
    private int[] open = new int[64];
    /** Whose turn it is, or −1. */
    private int turn = -1;

    /** Of all that is shared, one thing by {@code seed}; sometimes all steps. */
    public Surw(long seed, Census census) {
        this(seed, census, target(seed, census.shared()));
    }

    /** @param target a resource that software announces, or {@link Census#ALL} */
    public Surw(long seed, Census census, long target) {
        random = new SplittableRandom(seed);
        this.census = census;
        this.target = target;
    }

    private static long target(long seed, List<Long> shared) {
        var random = new SplittableRandom(~seed);
        return shared.isEmpty() || random.nextInt(WHOLE) == 0 ? Census.ALL
                : shared.get(random.nextInt(shared.size()));
    }

    @Override
    public int pick(int n, String why) {
        return random.nextInt(n);
    }

    @Override
    public int who(Strand[] enabled, int n) {
        if (n > open.length) {
            open = new int[n * 2];
        }
        for (int i = 0; i < n; i++) {
            number(enabled[i]);
        }
        if (turn < 0) {
            turn = draw(enabled, n);
        }
        int free = free(enabled, n);
        if (free == 0) {
            turn = waiting(enabled, n);
            free = free(enabled, n);
        }
        return open[random.nextInt(free)];
    }

    /** Those who may step without taking somebody else's turn, by place, into {@link #open}. */
    private int free(Strand[] enabled, int n) {
        int free = 0;
        for (int i = 0; i < n; i++) {
            int at = number(enabled[i]);
            if (at == turn || !counts(at)) {
                open[free++] = i;
            }
        }
        return free;
    }

    /** All that may step wait for a turn of somebody who may not: one of them has it. */
    private int waiting(Strand[] enabled, int n) {
        long all = 0;
        int chosen = -1;
        for (int i = 0; i < n; i++) {
            int at = number(enabled[i]);
            int weight = Math.max(1, left[at]);
            all += weight;
            chosen = random.nextLong(all) < weight ? at : chosen;
        }
        return chosen;
    }

    /**
     * Of all who have steps left that count, and of those who should have none left and are at one; −1 if
     * there is nobody.
     */
    private int draw(Strand[] enabled, int n) {
        long all = 0;
        int chosen = -1;
        for (int at = 0; at < known.size(); at++) {
            if (left[at] > 0) {
                all += left[at];
                chosen = random.nextLong(all) < left[at] ? at : chosen;
            }
        }
        for (int i = 0; i < n; i++) {
            int at = number(enabled[i]);
            if (left[at] <= 0 && counts(at)) {
                all++;
                chosen = random.nextLong(all) == 0 ? at : chosen;
            }
        }
        return chosen;
    }

    private boolean counts(int at) {
        return target == Census.ALL || pending[at] != Pending.UNKNOWN && pending[at].resource() == target;
    }

    @Override
    public void announces(Strand who, Access access, long resource) {
        pending[number(who)] = Pending.of(access, resource);
    }

    @Override
    public void steps(Strand who) {
        int at = number(who);
        if (counts(at)) {
            left[at]--;
            turn = -1;
        }
        pending[at] = Pending.UNKNOWN;
    }

    /** It may have the turn as if it had been there when that was drawn. */
    @Override
    public void starts(Strand who) {
        int at = number(who);
        if (turn >= 0 && left[at] > 0) {
            long all = 0;
            for (int i = 0; i < known.size(); i++) {
                all += Math.max(0, left[i]);
            }
            turn = random.nextLong(all) < left[at] ? at : turn;
        }
    }

    private int number(Strand strand) {
        int before = known.size();
        int at = known.number(strand);
        if (at == before) {
            if (at == pending.length) {
                pending = Arrays.copyOf(pending, at * 2);
            }
            left = known.room(left);
            pending[at] = Pending.UNKNOWN;
            left[at] = census.count(strand.name(), target);
        }
        return at;
    }
}
