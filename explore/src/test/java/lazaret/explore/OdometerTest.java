// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import lazaret.machine.Machine;
import org.junit.jupiter.api.Test;

class OdometerTest {
    @Test
    void all_interleavings_of_two_threads_are_taken_once() {
        // Three steps each: begin, read, write. 6 choose 3 = 20 orders. The counter reaches 2 when one
        // thread's write precedes the other's read: the other's begin may stand at 4 places, for either: 8.
        assertThat(ends(m -> new LostUpdate(m, 2))).containsExactlyInAnyOrderEntriesOf(Map.of(
                "Rest[] counter=1", 12L,
                "Rest[] counter=2", 8L));
    }

    @Test
    void all_interleavings_of_three_threads_are_taken_once() {
        Map<String, Long> ends = ends(m -> new LostUpdate(m, 3));

        assertThat(ends).containsOnlyKeys("Rest[] counter=1", "Rest[] counter=2", "Rest[] counter=3");
        assertThat(total(ends)).isEqualTo(1680);     // 9! / (3! 3! 3!)
        // Each write before the next thread's read, for each of the 6 orders of the threads.
        assertThat(ends.get("Rest[] counter=3")).isEqualTo(6 * Counting.serialThreeThreads());
    }

    @Test
    void a_program_with_locks_has_as_many_runs_as_its_grid_has_paths() {
        var counting = new Counting();
        Map<String, Long> ends = ends(m -> new TwoLocks(m, 1));

        assertThat(total(ends)).isEqualTo(counting.paths(0, 0, false)[0]);
        assertThat(ends).containsOnlyKeys("Rest[] a=2 b=2 hits=0", "Rest[] a=2 b=2 hits=1");
        assertThat(ends.get("Rest[] a=2 b=2 hits=1")).isEqualTo(counting.paths(0, 0, false)[1]);
    }

    @Test
    void a_program_that_takes_locks_in_two_orders_deadlocks_in_some_runs_and_ends_well_in_the_others() {
        Map<String, Long> ends = ends(CrossedLocks::new);

        assertThat(ends).containsOnlyKeys("Rest[] done=2", "Stuck[waiting=[ab, ba]] done=0");
        // Both begin, both take their first lock: 4 choose 2 orders of these steps, then nobody can go on.
        assertThat(ends).containsEntry("Stuck[waiting=[ab, ba]] done=0", 6L);
    }

    @Test
    void hardware_and_time_take_part_and_a_live_device_answers_before_any_time_out() {
        Map<String, Long> ends = ends(DeviceWithTimeout::new);

        // "answered at 100": software was slow to look
        assertThat(ends).containsOnlyKeys(
                "Rest[] answered at 0", "Rest[] answered at 100", "Rest[] timed out at 100");
    }

    @Test
    void a_ring_filled_by_compare_and_swap_holds_every_value_in_every_order_and_nothing_else() {
        Map<String, Long> ends = ends(m -> new Ring(m, 2, 1, false));
        assertThat(ends).containsOnlyKeys("Rest[] prod=2: 1 2", "Rest[] prod=2: 2 1");
        assertThat(ends.get("Rest[] prod=2: 1 2")).isEqualTo(ends.get("Rest[] prod=2: 2 1"));

        assertThat(ends(m -> new Ring(m, 1, 2, true)).keySet())
                .containsExactlyInAnyOrder("Rest[] prod=2: 1 1", "Rest[] prod=2 empty seen: 1 1");
    }

    @Test
    void a_program_that_chooses_among_other_numbers_the_second_time_is_reported() {
        Odometer odometer = new Odometer();
        odometer.pick(2, "first");
        odometer.pick(3, "second");
        assertThat(odometer.next()).isTrue();
        odometer.pick(2, "first");

        assertThatThrownBy(() -> odometer.pick(4, "second")).hasMessage(
                "the program is not determined by its choices: "
                        + "choice 2, second, is among 4 where it was among 3 before");
    }

    @Test
    void a_program_that_ends_early_the_second_time_is_reported() {
        Odometer odometer = new Odometer();
        odometer.pick(2, "first");
        odometer.pick(3, "second");
        assertThat(odometer.next()).isTrue();
        odometer.pick(2, "first");

        assertThatThrownBy(odometer::next).hasMessage(
                "the program is not determined by its choices: it ended after 1 where it made 2 before");
    }

    @Test
    void a_program_without_choices_has_one_run_and_a_deep_one_all_of_its() {
        assertThat(new Odometer().next()).isFalse();
        Odometer deep = new Odometer();
        int runs = 0;
        do {
            for (int i = 0; i < 100; i++) {
                deep.pick(i < 90 ? 1 : 2, "bit");
            }
            runs++;
        } while (deep.next());

        assertThat(runs).isEqualTo(1024);
    }

    private static Map<String, Long> ends(Function<Machine, Toy> maker) {
        Toy toy = new Toy.Named("", maker).wire();
        Odometer odometer = new Odometer();
        Map<String, Long> ends = new TreeMap<>();
        do {
            Toy.Outcome outcome = toy.run(odometer);
            ends.merge(outcome.ending() + " " + outcome.end(), 1L, Long::sum);
        } while (odometer.next());
        return ends;
    }

    private static long total(Map<String, Long> ends) {
        return ends.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Counts the runs of toys without running them. */
    private static final class Counting {
        // a thread's steps: begin, lock, read, write, unlock, 6 is the flag, lock, read, write, unlock
        private static final int BEGUN = 1;
        private static final int END = 10;

        /** Paths from where the threads took i and j steps: all of them, and those on which thread 2 hits. */
        long[] paths(int i, int j, boolean hit) {
            if (i == END && j == END) {
                return new long[] {1, hit ? 1 : 0};
            }
            long[] sum = new long[2];
            boolean blocked1 = i == BEGUN && second(j) || i == 6 && first(j);
            if (i < END && !blocked1) {
                add(sum, paths(i + 1, j, hit));
            }
            boolean blocked2 = j == BEGUN && second(i) || j == 6 && first(i);
            if (j < END && !blocked2) {
                add(sum, paths(i, j + 1, j + 1 == 6 ? i >= 6 : hit));
            }
            return sum;
        }

        /**
         * Orders of 9 steps in which t1, t2, t3 add one after the other: only the begins of t2 and t3 may
         * stand anywhere.
         */
        static long serialThreeThreads() {
            // b1 r1 w1 r2 w2 r3 w3 is fixed; b2 goes anywhere before r2, b3 anywhere before r3.
            long count = 0;
            for (int b2 = 0; b2 <= 3; b2++) {
                count += 7;     // b3 in the sequence of 6 elements before r3 (b1 r1 w1 r2 w2 and b2)
            }
            return count;
        }

        private static boolean first(int steps) {
            return steps >= 2 && steps < 5;
        }

        private static boolean second(int steps) {
            return steps >= 7 && steps < END;
        }

        private static void add(long[] sum, long[] more) {
            sum[0] += more[0];
            sum[1] += more[1];
        }
    }
}
