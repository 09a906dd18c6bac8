// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class FailNthCommandTest {
    private record Said(int code, String out, String err) { }

    private static Said lazaret(String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Main.execute(new PrintWriter(out), new PrintWriter(err), args);
        return new Said(code, out.toString(), err.toString());
    }

    @Test
    void each_scenario_has_a_line_and_what_it_names_itself_is_no_finding() {
        Said said = lazaret("fail-nth", "bus-reset-during-flush", "flr-fails-then-attach",
                "cerror-on-next-sync-mixed-batch", "--runs", "20");

        assertThat(said.out()).containsPattern("bus-reset-during-flush +1 call can fail: upheld; 1 as the")
                .containsPattern("flr-fails-then-attach +\\d+ calls can fail: upheld\n")
                .containsPattern("cerror-on-next-sync-mixed-batch +no call can fail\n");
        assertThat(said.code()).isEqualTo(Exit.UPHELD);
    }

    @Test
    void what_breaks_is_said_with_the_command_that_shows_it() {
        Said said = lazaret("fail-nth", "detach-during-reset", "--design", "planted:refusesDetach",
                "--runs", "20");

        assertThat(said.out()).containsPattern("lazaret run detach-during-reset\\+fail-\\d+ --design planted")
                .contains("break a property");
        assertThat(said.code()).isEqualTo(Exit.FINDING);
    }

    @Test
    void one_such_case_is_a_scenario_for_the_other_commands() {
        assertThat(lazaret("run", "flr-fails-then-attach+fail-1", "--runs", "2").out())
                .contains("flr-fails-then-attach+fail-1 · design minimumX");
        assertThat(lazaret("run", "flr-fails-then-attach+fail-0").err())
                .contains("which call fails? +fail-1 is the first");
    }
}
