// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogsCommandTest {
    private record Said(int code, String out, String err) { }

    private static final String SMMU = "arm-smmu-v3 arm-smmu-v3.0.auto: ";
    private static final String TIMEOUT = SMMU + "CMDQ error (cons 0x03000034): ATC invalidate timeout\n";

    @TempDir
    private Path folder;

    private static Said lazaret(String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Main.execute(new PrintWriter(out), new PrintWriter(err), args);
        return new Said(code, out.toString(), err.toString());
    }

    private String log(String text) throws IOException {
        return Files.writeString(folder.resolve("log"), text).toString();
    }

    @Test
    void a_lost_flush_is_a_finding_with_the_line_it_rests_on() throws IOException {
        Said said = lazaret("logs", log("nothing\n" + TIMEOUT));

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).contains("verdict: lost-flush certain", "(rests on line 2)",
                "? unknown: which device did not answer");
    }

    @Test
    void json_says_the_same_as_data() throws IOException {
        assertThat(lazaret("logs", "--json", log(TIMEOUT)).out())
                .startsWith("{\"verdict\":\"lost-flush certain\"")
                .contains("\"device\":null", "\"restsOn\":[1]", "\"countIsLowerBound\":false");
    }

    @Test
    void the_exit_code_is_that_of_the_worst_verdict() throws IOException {
        assertThat(lazaret("logs", log("[ 1.0] usb 1-1: new device\n")).code()).isZero();
        assertThat(lazaret("logs", log(SMMU + "CMD_SYNC timeout at 0x000152ff [hwprod 0x00015300, "
                + "hwcons 0x00014ec2]\n"))
                .code()).isEqualTo(2);
        assertThat(lazaret("logs", log("pcieport 0000:89:02.0: pciehp: Slot(4): Link Down\n")).code())
                .isEqualTo(2);
    }

    @Test
    void what_to_do_comes_with_what_it_does_not_guarantee() throws IOException {
        assertThat(lazaret("logs", "--explain", log(TIMEOUT)).out())
                .contains("What a human can do now. Lazaret does none of it:", "Not guaranteed: ");
    }

    @Test
    void each_of_several_files_is_a_log_of_its_own_and_the_worst_is_the_exit_code() throws IOException {
        String first = log(SMMU + "CMD_SYNC timeout at 0x000152ff [hwprod 0x00015300, hwcons 0x00014ec2]\n");
        String second = Files.writeString(folder.resolve("second"), TIMEOUT).toString();

        Said said = lazaret("logs", first, second);

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).containsSubsequence("== " + first, "1 incident in 1 line", "== " + second,
                "1 incident in");
        assertThat(lazaret("logs", "--json", first, second).out().lines()).hasSize(2)
                .anyMatch(line -> line.contains(second));
    }

    @Test
    void packed_logs_are_unpacked() throws IOException {
        Path packed = folder.resolve("log.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(TIMEOUT.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(lazaret("logs", packed.toString()).out()).contains("lost-flush certain");
    }

    @Test
    void a_file_that_is_not_there_is_said() {
        assertThat(lazaret("logs", "nowhere").err()).contains("nowhere: expected a log that can be read");
        assertThat(lazaret("logs", "nowhere").code()).isEqualTo(64);
    }

    @Test
    void an_exploration_takes_its_scenario_from_an_incident_and_says_what_it_assumed() throws IOException {
        Said said = lazaret("explore", "--from-incident", log(SMMU
                + "CMD_SYNC timeout at 0x0000b1b7 [hwprod 0x0000b1c0, hwcons 0x0000b1b7]\n"), "--budget",
                "1s", "--replay-file", folder.resolve("incident.replay").toString());

        assertThat(said.out()).contains("nearest scenario: cmdq-frozen-no-cerror",
                "assumed: the queue stays stopped");
        assertThat(lazaret("explore", "--from-incident", log("nothing\n")).err())
                .contains("expected an incident with a flush");
    }
}
