// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import lazaret.machine.Chance;
import lazaret.machine.Machine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Pos} and {@link Surw} on programs small enough to know how often what should happen. */
class FairSchedulesTest {
    private static final int RUNS = 20_000;
    /** One in ten thousand, with one, five and nineteen degrees of freedom. */
    private static final double ONE = 15.14;
    private static final double FIVE = 25.74;
    private static final double NINETEEN = 51.0;

    /** Has something of its own to do first, then writes what the other one writes at once. */
    private static final class LateWriter extends Toy {
        private final Cell shared = cell();
        private final Cell own = cell();
        private final int before;

        LateWriter(int before) {
            super(new Machine());
            this.before = before;
            machine.undo().mark();
        }

        @Override
        void actors() {
            task("late", () -> {
                for (int i = 0; i < before; i++) {
                    own.write(i + 1);
                }
                shared.write(1);
            });
            task("early", () -> shared.write(2));
        }

        @Override
        String end() {
            return shared.peek() == 2 ? "late first" : "early first";
        }

        long target() {
            return 0;
        }
    }

    /** Each strand has its beginning and two points; the end tells who stepped when. */
    private static final class Steps extends Toy {
        private final int strands;
        private final Cell shared = cell();
        private final StringBuilder order = new StringBuilder();

        Steps(int strands) {
            super(new Machine());
            this.strands = strands;
            machine.undo().mark();
        }

        @Override
        void actors() {
            order.setLength(0);
            for (int t = 1; t <= strands; t++) {
                int me = t;
                task("t" + t, () -> {
                    order.append(me);
                    shared.read();
                    order.append(me);
                    shared.write(me);
                    order.append(me);
                });
            }
        }

        @Override
        String end() {
            return order.toString();
        }
    }

    private static Map<String, Integer> ends(Toy toy, LongFunction<Chance> schedule) {
        var ends = new TreeMap<String, Integer>();
        for (long seed = 0; seed < RUNS; seed++) {
            ends.merge(toy.run(schedule.apply(seed)).end(), 1, Integer::sum);
        }
        return ends;
    }

    private static int ended(String how, Toy toy, LongFunction<Chance> schedule) {
        return ends(toy, schedule).getOrDefault(how, 0);
    }

    private static Census census(Toy toy) {
        var taker = new Census.Taker(Chance.FIRST);
        toy.run(taker);
        return taker.census();
    }

    /** How many of the orders of n steps and two others end with the second of those. */
    private static double evenly(int before) {
        int n = before + 2;
        return 2.0 / (n + 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 10})
    void pos_makes_what_is_late_first_as_often_as_theory_says(int before) {
        var toy = new LateWriter(before);

        assertThat(Fit.chiSquare(ended("late first", toy, Pos::new), RUNS, evenly(before))).isLessThan(ONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 10})
    void surw_over_whole_runs_as_well(int before) {
        var toy = new LateWriter(before);
        Census census = census(toy);

        assertThat(Fit.chiSquare(ended("late first", toy, seed -> new Surw(seed, census, Census.ALL)), RUNS,
                evenly(before))).isLessThan(ONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 10})
    void surw_over_the_shared_cell_makes_both_orders_equally_likely_however_late_one_is(int before) {
        var toy = new LateWriter(before);
        Census census = census(toy);

        assertThat(Fit.chiSquare(ended("late first", toy, seed -> new Surw(seed, census, toy.target())), RUNS,
                0.5)).isLessThan(ONE);
    }

    @Test
    void a_random_walk_hardly_ever_does() {
        assertThat(ended("late first", new LateWriter(10), RandomWalk::new)).isLessThan(RUNS / 100);
    }

    @Test
    void pos_makes_every_order_of_three_racing_writes_equally_likely() {
        var toy = new Toy(new Machine()) {
            private final Cell shared = cell();
            private final Cell order = cell();

            @Override
            void actors() {
                for (int t = 1; t <= 3; t++) {
                    int me = t;
                    task("t" + t, () -> {
                        shared.write(me);
                        order.poke(order.peek() * 10 + me);
                    });
                }
            }

            @Override
            String end() {
                return Long.toString(order.peek());
            }
        };
        toy.machine.undo().mark();
        Map<String, Integer> ends = ends(toy, Pos::new);

        assertThat(ends.keySet()).containsExactly("123", "132", "213", "231", "312", "321");
        assertThat(evenness(ends)).isLessThan(FIVE);
    }

    @Test
    void surw_makes_every_run_of_two_strands_equally_likely() {
        var toy = new Steps(2);
        Census census = census(toy);
        Map<String, Integer> ends = ends(toy, seed -> new Surw(seed, census, Census.ALL));

        assertThat(ends).hasSize(20);       // six steps, three of each
        assertThat(evenness(ends)).isLessThan(NINETEEN);
    }

    @Test
    void surw_meets_a_lost_update_as_often_as_there_are_runs_with_one() {
        Toy toy = new Toy.Named("", m -> new LostUpdate(m, 2)).wire();
        Census census = census(toy);

        // of the 20 runs 8 have one read behind the other's write
        assertThat(Fit.chiSquare(ended("counter=1", toy, seed -> new Surw(seed, census, Census.ALL)), RUNS,
                12 / 20.0)).isLessThan(ONE);
    }

    @Test
    void where_the_census_is_wrong_orders_are_less_even_and_none_is_lost() {
        var toy = new Steps(2);
        assertThat(ends(toy, seed -> new Surw(seed, Census.of(6), Census.ALL))).hasSize(20);
        Census half = census(new Steps(1));
        assertThat(ends(toy, seed -> new Surw(seed, half, Census.ALL))).hasSize(20);
    }

    @Test
    void the_census_counts_steps_and_what_they_were_announced_for() {
        Census census = census(new LateWriter(3));

        assertThat(census.count("late", Census.ALL)).isEqualTo(5);
        assertThat(census.count("late", 0)).isEqualTo(1);
        assertThat(census.count("late", 1)).isEqualTo(3);
        assertThat(census.count("early", Census.ALL)).isEqualTo(2);
        assertThat(census.count("nobody", 0)).isZero();
        assertThat(census.shared()).isEqualTo(List.of(0L));
    }

    @Test
    void one_seed_in_four_looks_at_whole_runs() {
        var toy = new LateWriter(10);
        Census census = census(toy);
        double p = 0.25 * evenly(10) + 0.75 * 0.5;

        assertThat(Fit.chiSquare(ended("late first", toy, seed -> new Surw(seed, census)), RUNS, p))
                .isLessThan(ONE);
    }

    private static double evenness(Map<String, Integer> ends) {
        int[] counts = ends.values().stream().mapToInt(i -> i).toArray();
        double[] expected = new double[counts.length];
        Arrays.fill(expected, (double) RUNS / counts.length);
        return Fit.chiSquare(counts, expected);
    }
}
