// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import lazaret.machine.Access;
import lazaret.machine.Chance;
import lazaret.machine.Condition;
import lazaret.machine.Entry;
import lazaret.machine.Machine;
import lazaret.machine.Unmodelled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A failure of Lazaret comes out of execute, wherever it happens; only what escapes software's own code is
 * its fault.
 */
@ParameterizedClass
@EnumSource
class BlameTest {
    enum On {
        CONTINUATION, THREAD
    }

    /** The last alternative: hardware before software. */
    private static final Chance LAST = (n, why) -> n - 1;

    private record Said(String text) implements Entry { }

    @Parameter
    private On on;

    private final Machine machine = new Machine();
    private final IllegalStateException bug = new IllegalStateException("bug of Lazaret");
    private final List<String> seen = new ArrayList<>();

    @Test
    void hardware_that_fails_on_softwares_stack_is_not_softwares_fault_and_software_cannot_catch_it() {
        agent(() -> true, () -> {
            throw bug;
        });

        assertThatThrownBy(() -> execute(LAST, () -> catching(this::point))).isSameAs(bug);
        assertThat(seen).isEmpty();
    }

    @Test
    void hardware_that_fails_when_asked_whether_it_is_enabled_is_lazarets_fault() {
        agent(() -> {
            throw bug;
        }, () -> { });

        assertThatThrownBy(() -> execute(LAST, () -> catching(this::point))).isSameAs(bug);
    }

    @Test
    void a_chance_that_fails_is_not_softwares_fault() {
        Chance failing = (n, why) -> {
            throw bug;
        };
        Runnable allocating = () -> machine.pick(2, "does kmalloc fail?");
        assertThatThrownBy(() -> execute(failing, () -> catching(allocating))).isSameAs(bug);
        assertThatThrownBy(() -> execute(failing, () -> {
            machine.strands().start("other", "other", Condition.ALWAYS, () -> { });
            catching(this::point);
        })).isSameAs(bug);
        assertThat(seen).isEmpty();
    }

    @Test
    void a_chance_that_picks_what_is_not_there_is_lazarets_fault() {
        assertThatThrownBy(() -> execute((n, why) -> n, () -> machine.pick(2, "x")))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> execute((n, why) -> -1, () -> machine.pick(2, "x")))
                .isInstanceOf(IndexOutOfBoundsException.class);
        agent(() -> true, () -> { });
        assertThatThrownBy(() -> execute((n, why) -> n, this::point))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void a_replay_that_diverges_inside_software_says_so_to_whoever_replays() {
        var replayer = new Replayer(List.of(new Choice(false, 3, 0, "x")));

        assertThatThrownBy(() -> execute(replayer, () -> catching(() -> machine.pick(2, "x"))))
                .isInstanceOf(Replayer.Diverged.class);
    }

    @Test
    void a_listener_that_fails_on_softwares_stack_is_lazarets_fault() {
        machine.log().listen(e -> {
            throw bug;
        }, false);

        assertThatThrownBy(() -> execute(LAST, () -> catching(() -> machine.log().add(new Said("stored")))))
                .isSameAs(bug);
        assertThat(seen).isEmpty();
    }

    @Test
    void a_listener_that_fails_on_hardwares_step_is_lazarets_fault() {
        machine.log().listen(e -> {
            throw new AssertionError("the test's own");
        }, false);
        agent(() -> true, () -> machine.log().add(new Said("landed")));

        assertThatThrownBy(() -> execute(LAST, () -> catching(this::point))).hasMessage("the test's own");
    }

    @Test
    void a_register_that_is_not_modelled_ends_the_run_as_unknown_even_if_software_catches_everything() {
        assertThat(execute(LAST, () -> catching(() -> {
            throw machine.strands().broken(new Unmodelled("GBPA"));
        }))).isEqualTo(new Ending.Unknown("not modelled: GBPA"));
        assertThat(seen).isEmpty();
    }

    @Test
    void a_condition_that_fails_is_the_fault_of_who_waits_for_it_whoever_runs_meanwhile() {
        Ending ending = execute(Chance.FIRST, () -> {
            Condition failing = () -> {
                if (!seen.isEmpty()) {
                    throw bug;
                }
                return false;
            };
            machine.strands().start("waiter", "waiter", Condition.ALWAYS,
                    () -> machine.strands().await(failing));
            machine.strands().start("innocent", "innocent", Condition.ALWAYS, () -> {
                point();
                seen.add("x");
                point();
            });
        });

        assertThat(ending).isInstanceOfSatisfying(Ending.Oops.class, oops -> {
            assertThat(oops.strand().name()).isEqualTo("waiter");
            assertThat(oops.cause()).isSameAs(bug);
        });
    }

    @Test
    void an_error_of_the_virtual_machine_is_nobodys_finding() {
        var error = new OutOfMemoryError("Java heap space");

        assertThatThrownBy(() -> execute(Chance.FIRST, () -> {
            throw error;
        })).isSameAs(error);
        agent(() -> true, () -> {
            throw error;
        });
        assertThatThrownBy(() -> execute(LAST, this::point)).isSameAs(error);
    }

    @Test
    void software_that_filled_the_stack_is_blamed_even_if_hardware_hits_its_end() {
        agent(() -> true, () -> deep(200));

        assertThat(execute(new RandomWalk(1), this::recurseWithPoints))
                .isInstanceOfSatisfying(Ending.Oops.class, oops -> {
            assertThat(oops.strand().name()).isEqualTo("main");
            assertThat(oops.cause()).isInstanceOf(StackOverflowError.class);
        });
    }

    @Test
    void hardware_that_recurses_for_ever_is_lazarets_fault() {
        agent(() -> true, () -> deep(Integer.MAX_VALUE));

        assertThatThrownBy(() -> execute(LAST, this::point)).isInstanceOf(StackOverflowError.class);
    }

    @Test
    void hardware_has_no_scheduling_points() {
        agent(() -> true, this::point);
        assertThatThrownBy(() -> execute(LAST, () -> catching(this::point)))
                .hasMessage("agent is hardware: it has no scheduling points");
    }

    @Test
    void an_exception_of_boot_comes_out_as_it_is() {
        Run run = run(Chance.FIRST);

        assertThatThrownBy(() -> run.execute(() -> {
            throw bug;
        })).isSameAs(bug);
        assertThat(machine.strands()).isNotSameAs(run);
    }

    private void catching(Runnable body) {
        try {
            body.run();
            seen.add("went on");
        } catch (RuntimeException caught) {
            seen.add("caught " + caught);
        }
    }

    private void recurseWithPoints() {
        point();
        recurseWithPoints();
    }

    private static int deep(int depth) {
        return depth == 0 ? 0 : deep(depth - 1) + 1;
    }

    private void point() {
        machine.strands().point(Access.READ, 0);
    }

    private void agent(Condition enabled, Runnable step) {
        machine.add(new RunTest.Agent("agent", enabled, step));
    }

    private Run run(Chance chance) {
        Coroutine.Maker maker = on == On.THREAD ? ThreadCoroutine::new : OnContinuation::new;
        return new Run(machine, chance, 1_000_000, maker);
    }

    /** Runs software named main. */
    private Ending execute(Chance chance, Runnable main) {
        return run(chance).execute(() -> machine.strands().start("main", "main", Condition.ALWAYS, main));
    }
}
