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
import lazaret.machine.Strand;
import lazaret.machine.Strands;
import lazaret.machine.Unmodelled;
import lazaret.machine.Word;
import org.junit.jupiter.api.Test;

class RunTest {
    private static final int LIMIT = 100;

    private final Machine machine = new Machine();
    private final List<String> seen = new ArrayList<>();

    @Test
    void a_program_without_software_and_hardware_is_at_rest() {
        Run run = run(Chance.FIRST);

        assertThat(run.execute(() -> { })).isEqualTo(new Ending.Rest());
        assertThat(run.steps()).isZero();
        assertThat(run.switches()).isZero();
    }

    @Test
    void software_that_waits_for_ever_is_stuck_by_name() {
        assertThat(execute(() -> {
            task("a", () -> await(() -> false));
            task("b", () -> point());
            start("c", () -> false, () -> seen.add("c"));
        })).isEqualTo(new Ending.Stuck(List.of("a", "c")));
        assertThat(seen).isEmpty();
    }

    @Test
    void software_that_never_ends_runs_out_of_steps_exactly_at_the_limit() {
        Run run = run(Chance.FIRST);
        Ending ending = run.execute(() -> task("spinner", () -> {
            while (true) {
                point();
                seen.add("x");
            }
        }));

        assertThat(ending).isEqualTo(new Ending.OutOfSteps(LIMIT));
        assertThat(run.steps()).isEqualTo(LIMIT);
        assertThat(seen).hasSize(LIMIT - 1);     // the first step is the beginning
    }

    @Test
    void software_that_goes_on_alone_and_never_waits_spins_for_ever() {
        Ending ending = new Run(machine, Chance.FIRST, Integer.MAX_VALUE).execute(() -> {
            task("spinner", () -> {
                while (true) {
                    point();
                }
            });
            task("other", () -> seen.add("gets its turn"));
        });

        assertThat(ending).isEqualTo(new Ending.Spins("spinner"));
        assertThat(seen).containsExactly("gets its turn");
    }

    @Test
    void a_program_that_needs_exactly_the_limit_ends_well() {
        assertThat(execute(() -> task("exact", () -> {
            for (int i = 1; i < LIMIT; i++) {
                point();
            }
        }))).isEqualTo(new Ending.Rest());
    }

    @Test
    void hardware_that_never_rests_runs_out_of_steps_too() {
        agent("busy", () -> true, () -> { });

        assertThat(execute(() -> { })).isEqualTo(new Ending.OutOfSteps(LIMIT));
    }

    @Test
    void an_exception_that_escapes_software_is_an_oops_of_that_strand() {
        var cause = new IllegalStateException("NULL pointer");

        assertThat(execute(() -> {
            task("innocent", () -> point());
            task("guilty", () -> {
                point();
                throw cause;
            });
        })).isInstanceOfSatisfying(Ending.Oops.class, oops -> {
            assertThat(oops.strand().name()).isEqualTo("guilty");
            assertThat(oops.cause()).isSameAs(cause);
        });
    }

    @Test
    void a_failed_assertion_and_an_endless_recursion_of_software_are_oopses() {
        assertThat(execute(() -> task("asserts", () -> {
            throw new AssertionError("no");
        }))).isInstanceOf(Ending.Oops.class);
        assertThat(execute(() -> task("recurses", RunTest::recurse))).isInstanceOf(Ending.Oops.class);
    }

    @Test
    void what_is_not_modelled_ends_the_run_as_unknown_wherever_it_happens() {
        var unknown = new Ending.Unknown("not modelled: HTTU");
        Runnable httu = () -> {
            throw new Unmodelled("HTTU");
        };
        assertThat(execute(() -> task("software", httu))).isEqualTo(unknown);
        assertThat(execute(() -> task("waiting", () -> await(() -> {
            throw new Unmodelled("HTTU");
        })))).isEqualTo(unknown);
        Word work = new Word(machine.undo(), 1);
        agent("hardware", work::test, httu);
        assertThat(execute(() -> { })).isEqualTo(unknown);
        assertThat(execute(() -> task("swallows", () -> swallowing(() -> {
            await(() -> false);
            seen.add("went on");
        })))).isEqualTo(unknown);
        assertThat(seen).isEmpty();
    }

    @Test
    void stop_ends_the_run_before_its_next_step() {
        Run[] run = new Run[1];
        run[0] = run(Chance.FIRST);
        Ending ending = run[0].execute(() -> {
            task("a", () -> {
                point();
                run[0].stop();
                seen.add("still the same step");
                point();
                seen.add("next step");
            });
            task("b", () -> seen.add("b"));
        });

        assertThat(ending).isEqualTo(new Ending.Stopped());
        assertThat(seen).containsExactly("still the same step");
    }

    @Test
    void the_first_ending_is_the_one() {
        Run[] run = new Run[1];
        run[0] = run(Chance.FIRST);
        assertThat(run[0].execute(() -> task("a", () -> {
            run[0].stop();
            throw new IllegalStateException("after the finding");
        }))).isEqualTo(new Ending.Stopped());
        run[0].stop();
    }

    @Test
    void stop_works_from_hardware_and_from_boot() {
        Run[] run = new Run[1];
        Word steps = new Word(machine.undo());
        agent("hardware", () -> true, () -> {
            if (steps.add(1) == 3) {
                run[0].stop();
            }
        });
        run[0] = run(Chance.FIRST);
        assertThat(run[0].execute(() -> { })).isEqualTo(new Ending.Stopped());
        assertThat(run[0].steps()).isEqualTo(3);

        run[0] = run(Chance.FIRST);
        assertThat(run[0].execute(run[0]::stop)).isEqualTo(new Ending.Stopped());
        assertThat(run[0].steps()).isZero();
    }

    @Test
    void software_may_start_software_and_so_may_hardware() {
        Word pending = new Word(machine.undo(), 1);
        agent("irq", pending::test, () -> {
            pending.set(0);
            task("handler", () -> {
                seen.add(strands().current().name());
                point();
                seen.add(strands().current().name());
            });
        });
        Ending ending = execute(() -> task("cpu0", () -> {
            task("worker", () -> seen.add(strands().current().name()));
            await(() -> seen.size() == 3);
            seen.add(strands().current().name());
        }));

        assertThat(ending).isEqualTo(new Ending.Rest());
        assertThat(seen).containsExactly("worker", "handler", "handler", "cpu0");
    }

    @Test
    void many_tasks_may_live_at_once_and_names_may_be_used_again() {
        assertThat(run(Chance.FIRST, 10_000).execute(() -> {
            for (int i = 0; i < 100; i++) {
                task("t" + i, () -> point());
            }
            task("last", () -> {
                for (int i = 0; i < 50; i++) {
                    int before = seen.size();
                    task("child", () -> seen.add("child"));
                    await(() -> seen.size() > before);
                    point();
                }
            });
        })).isEqualTo(new Ending.Rest());
        assertThat(seen).hasSize(50);
    }

    @Test
    void software_for_which_there_was_no_slot_is_asked_when_it_may_go_on() {
        Word never = new Word(machine.undo());
        Word flag = new Word(machine.undo());
        new Run(machine, (n, _) -> n - 1, LIMIT).execute(() -> {
            task("first", () -> {
                point();
                point();
                flag.set(1);
                point();
                seen.add("first");
            });
            for (int i = 1; i < Machine.slots(); i++) {
                task("waiter " + i, () -> await(never::test));
            }
            task("last", () -> {
                await(flag::test);
                seen.add("last");
            });
        });

        assertThat(seen).containsExactly("last", "first");
    }

    @Test
    void two_live_strands_of_one_name_are_refused() {
        assertThatThrownBy(() -> execute(() -> {
            task("a", () -> { });
            task("a", () -> { });
        })).hasMessage("two strands are named a");
    }

    @Test
    void hardware_that_joins_during_a_run_takes_part() {
        machine.undo().mark();
        Word work = new Word(machine.undo());
        for (int i = 0; i < 3; i++) {
            assertThat(execute(() -> task("probe", () -> {
                agent("late", () -> work.get() == 1, () -> work.set(2));
                work.set(1);
                await(() -> work.get() == 2);
            }))).isEqualTo(new Ending.Rest());
            machine.undo().rollback();
        }
    }

    @Test
    void boot_starts_the_software_and_has_no_points_of_its_own() {
        Strand boot = strands().current();
        assertThat(execute(() -> {
            seen.add(strands().current().name());
            point();
            await(Condition.ALWAYS);
            seen.add(Boolean.toString(strands().current() == boot));
        })).isEqualTo(new Ending.Rest());

        assertThat(seen).containsExactly("boot", "true");
        assertThatThrownBy(() -> execute(() -> await(() -> false)))
                .hasMessage("boot cannot wait before the run has begun");
        assertThat(strands().current()).isSameAs(boot);
    }

    @Test
    void a_run_executes_once() {
        Run run = run(Chance.FIRST);
        run.execute(() -> { });

        assertThatThrownBy(() -> run.execute(() -> { })).hasMessage("a run executes once");
    }

    @Test
    void the_chance_sees_the_running_strand_first_then_software_hardware_and_time() {
        agent("device", () -> true, () -> { });
        machine.clock().alarm("a").arm(10);
        Chance watching = new Chance() {
            @Override
            public int pick(int n, String why) {
                return 0;
            }

            @Override
            public int who(Strand[] enabled, int n) {
                var names = new StringBuilder();
                for (int i = 0; i < n; i++) {
                    names.append(enabled[i].name()).append(' ');
                }
                seen.add(names.toString());
                return seen.size() == 1 ? 1 : 0;
            }
        };
        Run[] run = {run(watching)};
        run[0].execute(() -> {
            task("a", () -> { });
            task("b", () -> {
                point();
                run[0].stop();
            });
        });

        assertThat(seen).containsExactly("a b device time ", "b a device time ");
    }

    private static void swallowing(Runnable body) {
        try {
            body.run();
        } catch (RuntimeException swallowed) {
            swallowing(body);
        }
    }

    private static void recurse() {
        recurse();
    }

    private Run run(Chance chance) {
        return run(chance, LIMIT);
    }

    private Run run(Chance chance, int limit) {
        return new Run(machine, chance, limit);
    }

    private Ending execute(Runnable actors) {
        return run(Chance.FIRST).execute(actors);
    }

    private Strands strands() {
        return machine.strands();
    }

    private void point() {
        strands().point(Access.READ, 0);
    }

    private void await(Condition condition) {
        strands().await(condition);
    }

    private void task(String name, Runnable body) {
        start(name, Condition.ALWAYS, body);
    }

    private void start(String name, Condition mayRun, Runnable body) {
        strands().start(name, name, mayRun, body);
    }

    private void agent(String name, Condition enabled, Runnable step) {
        machine.add(new Agent(name, enabled, step));
    }

    /** Hardware of this test: not prompt, so that time is a candidate, too. */
    record Agent(String name, Condition condition, Runnable action) implements Strand {
        @Override
        public boolean enabled() {
            return condition.holds();
        }

        @Override
        public void step() {
            action.run();
        }

        @Override
        public boolean prompt() {
            return false;
        }
    }
}
