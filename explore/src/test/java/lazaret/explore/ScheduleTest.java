// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import lazaret.machine.Access;
import lazaret.machine.Chance;
import lazaret.machine.Machine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ScheduleTest {
    static final Iterable<Toy.Named> TOYS = Toy.ALL;

    @Test
    void straight_never_switches_where_nobody_waits() {
        assertThat(new LostUpdate(new Machine(), 5).run(Chance.FIRST).switches()).isZero();
        assertThat(new Ring(new Machine(), 3, 2, true).run(Chance.FIRST).switches()).isZero();
        assertThat(new TwoLocks(new Machine(), 5).run(Chance.FIRST).switches()).isZero();
    }

    @Test
    void straight_switches_exactly_where_the_running_strand_waits() {
        // ping waits for each answer, pong for each call: both switch every time, but for pong's last
        var toy = new Toy(new Machine()) {
            private final Cell turn = cell();

            @Override
            void actors() {
                task("ping", () -> play(0));
                task("pong", () -> play(1));
            }

            @Override
            String end() {
                return "turn=" + turn.peek();
            }

            private void play(int mine) {
                for (int i = 0; i < 10; i++) {
                    machine.strands().await(() -> turn.peek() == mine);
                    turn.poke(1 - mine);
                }
            }
        };
        Toy.Outcome outcome = toy.run(Chance.FIRST);

        assertThat(outcome.ending()).isEqualTo("Rest[]");
        assertThat(outcome.switches()).isEqualTo(10 + 9 - 1);
        assertThat(outcome.steps()).isEqualTo(22);
    }

    @Test
    void straight_runs_hardware_only_when_software_cannot_go_on() {
        Toy.Outcome outcome = new DeviceWithTimeout(new Machine()).run(Chance.FIRST);

        assertThat(outcome.end()).isEqualTo("answered at 0");
        assertThat(outcome.switches()).isEqualTo(1);
    }

    @Test
    void a_run_has_a_step_for_each_point_and_each_beginning() {
        for (int rounds : new int[] {1, 2, 5}) {
            Toy toy = new TwoLocks(new Machine(), rounds);
            toy.machine.undo().mark();
            for (int seed = 0; seed < 20; seed++) {
                assertThat(toy.run(new RandomWalk(seed)).steps()).isEqualTo(18 * rounds + 2);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("TOYS")
    void the_same_seed_gives_the_same_run_and_another_one_mostly_another(Toy.Named toy) {
        for (Schedule schedule : EnumSet.complementOf(EnumSet.of(Schedule.STRAIGHT))) {
            Toy one = toy.wire();
            Toy other = toy.wire();
            long differing = 0;
            for (long seed = -50; seed < 50; seed++) {
                Toy.Outcome outcome = one.run(schedule.chance(seed, 20));
                assertThat(other.run(schedule.chance(seed, 20))).isEqualTo(outcome);
                differing += one.run(schedule.chance(seed + 1, 20)).digest() == outcome.digest() ? 0 : 1;
            }
            assertThat(differing).isGreaterThan(50);
        }
    }

    @ParameterizedTest
    @FieldSource("TOYS")
    void a_seed_gives_the_same_run_on_a_fresh_machine_and_on_one_that_ran_a_thousand_times(Toy.Named toy) {
        Toy used = toy.wire();
        for (long seed = 1000; seed < 2000; seed++) {
            used.run(Schedule.RANDOM.chance(seed, 20));
        }
        for (long seed = 0; seed < 20; seed++) {
            for (Schedule schedule : Schedule.values()) {
                assertThat(used.run(schedule.chance(seed, 20)))
                        .isEqualTo(toy.wire().run(schedule.chance(seed, 20)));
            }
        }
    }

    @Test
    void a_random_walk_takes_every_alternative_about_equally_often() {
        int[] taken = new int[5];
        RandomWalk walk = new RandomWalk(7);
        for (int i = 0; i < 50_000; i++) {
            taken[walk.pick(5, "x")]++;
        }
        for (int count : taken) {
            assertThat(count).isBetween(9_500, 10_500);
        }
    }

    @Test
    void the_digest_sees_what_software_announces_even_where_no_choice_differs() {
        assertThat(announcing(1).run(Chance.FIRST).digest())
                .isNotEqualTo(announcing(2).run(Chance.FIRST).digest());
        assertThat(announcing(1).run(Chance.FIRST).digest())
                .isEqualTo(announcing(1).run(Chance.FIRST).digest());
    }

    private static Toy announcing(long resource) {
        return new Toy(new Machine()) {
            @Override
            void actors() {
                task("only", () -> machine.strands().point(Access.READ, resource));
            }

            @Override
            String end() {
                return "";
            }
        };
    }
}
