// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.Arrays;
import lazaret.machine.Footprint;

/**
 * Who need step at a node: a persistent set of the enabled strands. Nothing that the others can do, for as
 * long as none of the set has stepped, touches what a step of the set touches; so in every run from here one
 * of the set can be thought to step first, and the others wait (Godefroid).
 *
 * <p>Computed from one strand: whoever may, while none of the set steps, do what conflicts with its step
 * belongs to it. One who cannot step now does nothing before somebody enables him, so in his place stand
 * those who may change a cell that he looked at; and if nobody outside may, he is no rival.
 *
 * <p>Time waits for prompt hardware. Whoever may make such hardware busy is therefore a rival of time; but
 * time, when it can pass, need not fear those: what they make busy ends by itself, and then time passes as it
 * would have before.
 */
final class Persistent {
    private static final Cells NOTHING = new Cells();

    private Reach reach;
    private int n;
    private int[] codes = new int[16];
    private Cells[] steps = new Cells[16];
    private Cells[] futures = new Cells[16];
    private Cells[] homes = new Cells[16];
    private Footprint[] asked = new Footprint[16];
    private long[] wakes = new long[16];
    private long[] spoils = new long[16];
    private long enabled;
    /** Of whom it is not known what they do. */
    private long strange;
    private long prompt;
    private int time;

    /** A node, to which {@link #add} brings everybody. */
    void begin(Reach known) {
        reach = known;
        n = 0;
        enabled = 0;
        strange = 0;
        prompt = 0;
        time = -1;
    }

    /** Somebody who may not step now. @param home see {@link Sharing#home} */
    int add(int code, long place, long home, Footprint looked) {
        if (n == codes.length) {
            grow();
        }
        codes[n] = code;
        asked[n] = looked;
        homes[n] = reach.knows(home) ? reach.next(home) : NOTHING;
        steps[n] = NOTHING;
        if (reach.knows(place)) {
            futures[n] = reach.later(place);
        } else {
            futures[n] = NOTHING;
            strange |= 1L << n;
        }
        return n++;
    }

    /** The one just added may step, and then does what is done behind {@code label}. */
    void enabled(long label) {
        int i = n - 1;
        enabled |= 1L << i;
        if (reach.knows(label)) {
            steps[i] = reach.next(label);
        } else {
            strange |= 1L << i;
        }
    }

    /** Time waits for the one just added. */
    void prompt() {
        prompt |= 1L << n - 1;
    }

    /** The one just added is time. */
    void time() {
        time = n - 1;
    }

    /** The smallest such set, as places at {@code node}. */
    long at(Node node) {
        if (n >= Long.SIZE) {
            return node.all();
        }
        relate();
        long best = enabled;
        for (long rest = enabled & ~strange; rest != 0 && Long.bitCount(best) > 1; rest &= rest - 1) {
            long some = closure(Long.lowestOneBit(rest)) & enabled;
            best = Long.bitCount(some) < Long.bitCount(best) ? some : best;
        }
        long places = 0;
        for (long rest = best; rest != 0; rest &= rest - 1) {
            places |= 1L << node.placeOf(codes[Long.numberOfTrailingZeros(rest)]);
        }
        return places;
    }

    /** The smallest set with {@code seed} that this comes to, or one with everybody who may step. */
    private long closure(long seed) {
        long set = seed;
        while ((set & enabled) != enabled) {
            if ((strange & enabled & set) != 0) {
                return enabled;
            }
            long more = rivals(set);
            if (more == 0) {
                return set;
            }
            set |= more;
        }
        return set;
    }

    /**
     * Who may do something to {@code set} while none of it steps: those who may step now, if there are some,
     * because without them others may have nobody left to wake them.
     */
    private long rivals(long set) {
        long active = active(set);
        long some = strange;
        for (long rest = set; rest != 0; rest &= rest - 1) {
            int i = Long.numberOfTrailingZeros(rest);
            some |= (enabled & 1L << i) != 0 ? spoils[i] & active : enablers(i, set, active);
        }
        some &= ~set;
        return (some & enabled) != 0 ? some & enabled : some;
    }

    /** Who may come to step while none of {@code set} does. */
    private long active(long set) {
        long active = enabled & ~set;
        long asleep = (1L << n) - 1 & ~set & ~active;
        if (time >= 0 && (enabled & prompt & set) != 0) {
            asleep &= ~(1L << time);
        }
        long work = active;
        while (work != 0) {
            long one = Long.lowestOneBit(work);
            long more = wakes[Long.numberOfTrailingZeros(one)] & asleep;
            active |= more;
            asleep &= ~more;
            work = work & ~one | more;
        }
        return active;
    }

    /** Who may change something on which it depends that {@code i} may not step. */
    private long enablers(int i, long set, long active) {
        if (i == time && (enabled & prompt) != 0) {
            return (enabled & prompt & set) != 0 ? 0 : Long.lowestOneBit(enabled & prompt);
        }
        long some = 0;
        for (long rest = active; rest != 0; rest &= rest - 1) {
            int j = Long.numberOfTrailingZeros(rest);
            some |= (wakes[j] & 1L << i) != 0 ? 1L << j : 0;
        }
        return some;
    }

    /** For each one whom it may wake, and for each one that may step who may spoil that. */
    private void relate() {
        for (int i = 0; i < n; i++) {
            wakes[i] = 0;
            spoils[i] = 0;
        }
        for (int i = 0; i < n; i++) {
            if ((enabled & 1L << i) != 0) {
                spoils[i] = spoilers(i);
            } else {
                wake(i, reach.shared(asked[i]));
            }
        }
    }

    private long spoilers(int i) {
        long some = 0;
        for (int j = 0; j < n; j++) {
            if (steps[i].conflicts(futures[j]) || steps[i].conflicts(homes[j])
                    || homes[i].conflicts(futures[j])) {
                some |= 1L << j;
            }
        }
        return some;
    }

    private void wake(int i, Cells looked) {
        for (int j = 0; j < n; j++) {
            wakes[j] |= looked.conflicts(futures[j]) ? 1L << i : 0;
        }
    }

    private void grow() {
        int more = n * 2;
        codes = Arrays.copyOf(codes, more);
        steps = Arrays.copyOf(steps, more);
        futures = Arrays.copyOf(futures, more);
        homes = Arrays.copyOf(homes, more);
        asked = Arrays.copyOf(asked, more);
        wakes = new long[more];
        spoils = new long[more];
    }
}
