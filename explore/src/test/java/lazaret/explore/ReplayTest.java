// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import lazaret.machine.Machine;
import lazaret.machine.Strand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ReplayTest {
    static final Iterable<Toy.Named> TOYS = Toy.ALL;
    private static final String OTHER = "this is not the recorded run: ";

    @ParameterizedTest
    @FieldSource("TOYS")
    void a_recorded_run_replays_to_the_identical_run(Toy.Named named) {
        Toy toy = named.wire();
        for (Schedule schedule : Schedule.values()) {
            for (long seed = 0; seed < 50; seed++) {
                Recorder recorder = new Recorder(schedule.chance(seed, 30));
                Toy.Outcome outcome = toy.run(recorder);
                assertThat(toy.run(schedule.chance(seed, 30))).isEqualTo(outcome);

                Replayer replayer = new Replayer(recorder.choices());
                assertThat(named.wire().run(replayer)).isEqualTo(outcome);
                assertThat(replayer.finished()).isTrue();
                assertThat(replayer.taken()).isEqualTo(recorder.choices().size());
            }
        }
    }

    @Test
    void a_choice_names_the_strand_that_was_chosen_and_what_was_decided() {
        Recorder recorder = new Recorder(new RandomWalk(3));
        new DeviceWithTimeout(new Machine()).run(recorder);

        assertThat(recorder.choices()).extracting(Choice::line).contains("what 0/2 is the device dead?");
        assertThat(recorder.choices()).filteredOn(Choice::who).extracting(Choice::reason)
                .contains("cpu0", "cpu1");
    }

    @Test
    void a_changed_program_diverges_with_a_sentence_that_names_the_place() {
        Recorder recorder = new Recorder(new RandomWalk(1));
        new TwoLocks(new Machine(), 3).run(recorder);
        List<Choice> choices = recorder.choices();

        assertThatThrownBy(() -> new LostUpdate(new Machine(), 3).run(new Replayer(choices)))
                .isInstanceOf(Replayer.Diverged.class)
                .hasMessageMatching(OTHER + "choice \\d+ was \"who ./. t.\", but the run .*");
        assertThatThrownBy(() -> new TwoLocks(new Machine(), 4).run(new Replayer(choices)))
                .isInstanceOf(Replayer.Diverged.class);
    }

    @Test
    void every_way_to_diverge_has_its_sentence() {
        Choice who = new Choice(true, 3, 1, "cpu1");
        Choice what = new Choice(false, 2, 1, "does it answer?");
        Strand[] strands = {strand("cpu0"), strand("cpu9"), strand("cpu2")};

        assertThatThrownBy(() -> new Replayer(List.of()).pick(2, "x"))
                .hasMessage(OTHER + "it needs more choices than the 0 recorded");
        assertThatThrownBy(() -> new Replayer(List.of(who)).pick(3, "x")).hasMessage(
                OTHER + "choice 1 was \"who 1/3 cpu1\", but the run decides what happens");
        assertThatThrownBy(() -> new Replayer(List.of(what)).who(strands, 2)).hasMessage(
                OTHER + "choice 1 was \"what 1/2 does it answer?\", but the run decides who steps");
        assertThatThrownBy(() -> new Replayer(List.of(who)).who(strands, 2)).hasMessage(
                OTHER + "choice 1 was \"who 1/3 cpu1\", but the run chooses among 2");
        assertThatThrownBy(() -> new Replayer(List.of(who)).who(strands, 3)).hasMessage(
                OTHER + "choice 1 was \"who 1/3 cpu1\", but the run would step cpu9");
        assertThatThrownBy(() -> new Replayer(List.of(what)).pick(2, "is it dead?")).hasMessage(
                OTHER + "choice 1 was \"what 1/2 does it answer?\", "
                        + "but the run decides \"is it dead?\"");
    }

    @Test
    void reconcile_finds_nothing_in_a_program_that_is_determined_by_its_choices() {
        for (Toy.Named named : Toy.ALL) {
            Toy toy = named.wire();
            for (long seed = 0; seed < 20; seed++) {
                assertThat(Reconcile.difference(c -> toy.run(c).digest(), new RandomWalk(seed))).isEmpty();
            }
        }
    }

    @Test
    void reconcile_says_where_the_second_run_was_another_one() {
        int[] runs = new int[4];

        assertThat(Reconcile.difference(c -> c.pick(2 + runs[0]++, "n"), (n, why) -> 0))
                .contains(OTHER + "choice 1 was \"what 0/2 n\", but the run chooses among 3");
        assertThat(Reconcile.difference(c -> runs[1]++ == 0 ? c.pick(2, "n") : 0, (n, why) -> 0))
                .contains("the second run ended after 0 of 1 choices");
        assertThat(Reconcile.difference(c -> runs[2]++ == 0 ? 0 : c.pick(2, "n"), (n, why) -> 0))
                .contains(OTHER + "it needs more choices than the 0 recorded");
        assertThat(Reconcile.difference(c -> c.pick(2, "n") + 16 + runs[3]++, (n, why) -> 0))
                .contains("both runs made the same 1 choices, but something else differs: digest 10 and 11");
    }

    private static Strand strand(String name) {
        return new Strand() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public boolean enabled() {
                return true;
            }

            @Override
            public void step() {
                throw new IllegalStateException("not run");
            }
        };
    }
}
