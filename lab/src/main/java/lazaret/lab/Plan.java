// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.List;
import java.util.Locale;
import lazaret.explore.Schedule;

/**
 * How often and how a scenario is run.
 *
 * @param runs      number of runs, at least 1; the first is always straight
 * @param seed      the seed of run i is derived from it and i, so each run can be repeated by itself
 * @param schedules taken in turn after the first run; none means that all runs are straight
 * @param steps     bound on the steps of one run
 */
public record Plan(int runs, long seed, List<Schedule> schedules, int steps) {
    /** Enough for every scenario of the library; a run that needs more says so. */
    public static final int STEPS = 20_000_000;
    /** What runs are scheduled by when nobody chooses. */
    public static final List<Schedule> USUAL = List.of(Schedule.RANDOM, Schedule.PCT);
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    public Plan {
        if (runs < 1 || steps < 1) {
            throw new IllegalArgumentException("a plan needs at least one run and one step");
        }
        schedules = List.copyOf(schedules);
    }

    public static Plan hunt(int runs, long seed) {
        return hunt(runs, seed, USUAL);
    }

    /** @param schedules taken in turn after the straight run */
    public static Plan hunt(int runs, long seed, List<Schedule> schedules) {
        return new Plan(runs, seed, schedules, STEPS);
    }

    /** How run {@code i} is scheduled. */
    public Schedule schedule(int i) {
        return i == 0 || schedules.isEmpty() ? Schedule.STRAIGHT : schedules.get((i - 1) % schedules.size());
    }

    /** How run {@code i} is made, for people: {@code pct schedule, seed 7}. */
    public String origin(int i) {
        String name = schedule(i).name().toLowerCase(Locale.ROOT) + " schedule";
        return schedule(i) == Schedule.STRAIGHT ? name : name + ", seed " + seed(i);
    }

    /** The seed of run {@code i}. */
    public long seed(int i) {
        long z = seed + (i + 1) * GOLDEN;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
