// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import lazaret.explore.Explored;
import lazaret.explore.Explorer.Method;
import lazaret.lab.Exploration;
import lazaret.lab.Report.Outcome;
import lazaret.lab.story.Ink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExploreCommandTest {
    private record Said(int code, String out, String err) { }

    /** Small enough to be explored to its end. */
    private static final String SMALL = "error-interrupt-pends-on-waiter";

    @TempDir
    private Path folder;

    private static Said lazaret(String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Main.execute(new PrintWriter(out), new PrintWriter(err), args);
        return new Said(code, out.toString(), err.toString());
    }

    @Test
    void what_was_explored_to_its_end_is_upheld_and_says_what_that_means() {
        Said said = lazaret("explore", SMALL);

        assertThat(said.code()).isZero();
        assertThat(said.out()).contains("upheld: no property broken in any run (P13 is not judged here)",
                "complete: ", " states",
                "Every interleaving", "sequential consistency", "left out: at most");
    }

    @Test
    void a_finding_is_told_and_its_replay_file_shows_it_again() {
        Path replay = folder.resolve("f.replay");

        Said said = lazaret("explore", "--design", "mainline", "--replay-file", replay.toString());

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).contains("finding: P1", "(1)", "(2)", "found by a short sample");
        Said again = lazaret("replay", replay.toString());
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.out()).contains("finding: P1", "layer: exact");
    }

    @Test
    void one_property_may_be_looked_at_alone() {
        Said said = lazaret("explore", "--design", "mainline", "--property", "P2", "--replay-file",
                folder.resolve("f.replay").toString());

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).contains("finding: P2").doesNotContain("Also found");
    }

    @Test
    void what_the_budget_ended_says_so_first_and_is_inconclusive() {
        Said said = lazaret("explore", "three-batches-keep-hitting-dead-device", "--budget", "1s");

        assertThat(said.code()).isEqualTo(2);
        assertThat(said.out().lines().skip(1).findFirst().orElse(""))
                .isEqualTo("inconclusive: stopped before the end; no property broken so far");
        assertThat(said.out()).contains("not complete: ").doesNotContain("Every interleaving");
    }

    @Test
    void a_bound_that_no_run_exceeds_is_the_end_of_all() {
        assertThat(lazaret("explore", SMALL, "--bound", "0")).satisfies(said -> {
            assertThat(said.code()).isZero();
            assertThat(said.out()).contains("upheld: ", "complete up to 0 preemptions: ", "3 end states")
                    .doesNotContain("at most 0");
        });
        assertThat(lazaret("explore", SMALL, "--bound", "1", "--engine", "DPOR").code()).isEqualTo(64);
        assertThat(lazaret("explore", SMALL, "--bound", "-1").code()).isEqualTo(64);
        assertThat(lazaret("explore", SMALL, "--timed").code()).isEqualTo(64);
    }

    @Test
    void complete_up_to_so_many_preemptions_is_not_upheld_and_says_up_to_how_many() {
        var exploration = new Exploration("s", "d", Method.CACHE, Exploration.SAMPLE, Explored.NOTHING,
                List.of(within(0, true), within(1, true), within(2, false)), List.of(), List.of(),
                Collections.emptyMap());

        assertThat(exploration.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(Text.exploration(exploration, null, null, "1 s", Ink.PLAIN)).contains(
                "inconclusive: complete up to 1 preemption only; no property broken so far",
                "\ncomplete up to 1 preemption: 5 runs", "\nnot complete up to 2 preemptions: 5 runs",
                "with at most 1 preemption and", "A preemption is");
    }

    private static Exploration.Within within(int preemptions, boolean complete) {
        return new Exploration.Within(preemptions, new Explored(complete, true, 1, 0, 5, 0, 5, 5, 5, 5,
                Collections.emptyMap(), List.of(), new long[0]));
    }

    @Test
    void exploring_twice_comes_to_the_same() {
        String first = lazaret("explore", SMALL, "--json").out();

        assertThat(first).contains("\"complete\":true", "\"outcome\":\"upheld\"", "\"states\":");
        assertThat(lazaret("explore", SMALL, "--json").out()).isEqualTo(first);
    }

    @Test
    void a_checkpoint_is_gone_when_all_is_explored_and_without_one_nothing_can_go_on() {
        Path file = folder.resolve("f.checkpoint");

        assertThat(lazaret("explore", SMALL, "--checkpoint", file.toString()).code()).isZero();
        assertThat(file).doesNotExist();
        assertThat(lazaret("explore", SMALL, "--resume", file.toString())).satisfies(said -> {
            assertThat(said.code()).isEqualTo(64);
            assertThat(said.err()).contains("cannot go on with " + file);
        });
        assertThat(lazaret("explore", SMALL, "--checkpoint", "x", "--engine", "DPOR").code()).isEqualTo(64);
        assertThat(lazaret("explore", SMALL, "--checkpoint", folder.toString())).satisfies(said -> {
            assertThat(said.code()).isEqualTo(64);
            assertThat(said.err()).contains("cannot write the checkpoint " + folder).hasLineCount(1);
        });
    }

    @Test
    void several_workers_come_to_the_same_end_states() {
        assertThat(lazaret("explore", SMALL, "--workers", "2").out()).contains("complete: ", "3 end states");
        assertThat(lazaret("explore", "--workers", "2", "--engine", "DPOR").code()).isEqualTo(64);
    }

    @Test
    void a_sample_alone_is_never_more_than_that() {
        assertThat(lazaret("explore", SMALL, "--engine", "sample", "--schedule", "pos,surw", "--budget",
                "1s"))
                .satisfies(said -> {
                    assertThat(said.code()).isEqualTo(2);
                    assertThat(said.out()).contains("inconclusive: ", "only a sample of ")
                            .doesNotContain("Every interleaving");
                });
        assertThat(lazaret("explore", SMALL, "--engine", "sample", "--budget", "1s", "--json").out())
                .contains("\"engine\":\"SAMPLE\"", "\"complete\":false");
    }

    @Test
    void a_sample_finds_by_the_schedules_it_is_given() {
        Said said = lazaret("explore", "--design", "mainline", "--engine", "sample", "--schedule", "surw",
                "--replay-file", folder.resolve("f.replay").toString());

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).contains("finding: P1", "found by a sample of 1 run,");
    }

    @Test
    void wrong_arguments_are_one_clear_line() {
        assertThat(lazaret("explore", "--budget", "soon")).satisfies(said -> {
            assertThat(said.code()).isEqualTo(64);
            assertThat(said.err()).contains("\"soon\" is no time; write 30s, 10m or 2h");
        });
        assertThat(lazaret("explore", "--engine", "magic").code()).isEqualTo(64);
        assertThat(lazaret("explore", "--schedule", "pos,luck").err())
                .contains("there is no schedule \"luck\"; there are straight, random, pct, pos, surw");
        assertThat(lazaret("explore", "--property", "P99").code()).isEqualTo(64);
        assertThat(lazaret("explore", "--property", "P13").err()).contains("does not judge P13 yet");
        assertThat(lazaret("explore", "no-such-scenario").code()).isEqualTo(64);
    }
}
