// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import lazaret.machine.Access;
import lazaret.machine.Chance;
import lazaret.machine.Condition;
import lazaret.machine.Machine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Continuations and their twin on threads, against each other. */
class CoroutineTest {
    static final Iterable<Toy.Named> TOYS = Toy.ALL;
    private static final int SEEDS = 200;

    @ParameterizedTest
    @FieldSource("TOYS")
    void the_twin_runs_every_seed_the_same_way(Toy.Named named) {
        Toy one = named.wire();
        Toy other = named.wire();
        for (long seed = 0; seed < SEEDS; seed++) {
            Schedule schedule = seed % 2 == 0 ? Schedule.RANDOM : Schedule.PCT;
            assertThat(other.run(schedule.chance(seed, 30), ThreadCoroutine::new))
                    .isEqualTo(one.run(schedule.chance(seed, 30)));
        }
    }

    @Test
    void a_run_that_is_cut_off_has_the_same_digest_on_the_twin_which_leaves_no_thread() throws Exception {
        List<ThreadCoroutine> twins = new ArrayList<>();
        long[] digests = new long[2];
        for (int i = 0; i < 2; i++) {
            Machine machine = new Machine();
            Run run = new Run(machine, new RandomWalk(9), 40, i == 0 ? OnContinuation::new : body -> {
                ThreadCoroutine twin = new ThreadCoroutine(body);
                twins.add(twin);
                return twin;
            });
            Ending ending = run.execute(() -> {
                for (int t = 0; t < 3; t++) {
                    machine.strands().start("t" + t, "cpu", Condition.ALWAYS, () -> forEver(machine));
                }
                machine.strands().start("never", "cpu", () -> false, () -> { });
            });
            assertThat(ending).isEqualTo(new Ending.OutOfSteps(40));
            digests[i] = run.digest();
        }

        assertThat(digests[1]).isEqualTo(digests[0]);
        assertThat(twins).hasSize(4);
        for (ThreadCoroutine twin : twins) {
            assertThat(twin.gone()).isTrue();
        }
    }

    @Test
    void a_point_where_a_continuation_cannot_stop_is_reported_and_not_hung_or_blamed() {
        Machine machine = new Machine();
        Run[] run = new Run[1];
        run[0] = new Run(machine, (n, why) -> run[0].steps() == 1 ? 0 : n - 1, 100);

        assertThatThrownBy(() -> run[0].execute(() -> {
            machine.strands().start("init", "init", Condition.ALWAYS, () -> {
                Initialised.machine = machine;
                assertThat(Initialised.Lazily.VALUE).isOne();
            });
            machine.strands().start("other", "other", Condition.ALWAYS, () -> { });
        })).isInstanceOf(IllegalStateException.class).hasMessageContaining("while pinned");
    }

    @Test
    void a_run_inside_a_task_of_another_run_is_independent_of_it() {
        Toy outer = new Toy(new Machine()) {
            private final Cell inner = cell();

            @Override
            void actors() {
                for (int t = 0; t < 2; t++) {
                    task("t" + t, () -> {
                        inner.read();
                        Toy nested = new LostUpdate(new Machine(), 2);
                        inner.poke(inner.peek() + nested.run(new RandomWalk(2)).digest() % 1000);
                        inner.read();
                    });
                }
            }

            @Override
            String end() {
                return "" + inner.peek();
            }
        };
        long alone = new LostUpdate(new Machine(), 2).run(new RandomWalk(2)).digest() % 1000;

        assertThat(outer.run(Chance.FIRST).end()).isEqualTo("" + 2 * alone);
    }

    private static void forEver(Machine machine) {
        try {
            while (true) {
                machine.strands().point(Access.READ, 5);
            }
        } finally {
            machine.strands().point(Access.RELEASE, 6);
        }
    }

    /** Reaches a point inside a class initialiser. */
    private static final class Initialised {
        private static Machine machine;

        private static final class Lazily {
            private static final int VALUE = value();

            private static int value() {
                machine.strands().point(Access.READ, 0);
                return 1;
            }
        }
    }
}
