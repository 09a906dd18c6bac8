// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** {@code conform}, and {@code run --machine qemu}; what needs a QEMU is not run where there is none. */
class ConformCommandTest {
    private static final String QEMU = "/usr/bin/qemu-system-aarch64";
    private static final String RECORDED = "../lab/src/test/resources/qemu/conform-7.2.22.gz";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int lazaret(String... args) {
        return Main.execute(new PrintWriter(out), new PrintWriter(err), args);
    }

    /** Says which test is not run where there is none, and does not run it. */
    private void needsQemu(TestInfo test) {
        if (!Files.isExecutable(Path.of(QEMU))) {
            String why = "not run: " + getClass().getSimpleName() + "." + test.getDisplayName()
                    + ": there is no " + QEMU;
            System.err.println(why);
            abort(why);
        }
    }

    @Test
    void a_recording_is_examined_without_a_qemu() {
        assertThat(lazaret("conform", "--transcript", RECORDED, "--cases", "60")).isEqualTo(Exit.UPHELD);
        assertThat(out.toString()).contains("CLASS (IHI0070 7.3, theirs), in ",
                "  ours:   F_TRANSLATION s1 IN",
                "GBPA: known of this version, not met",
                "QEMU 7.2.22: 60 cases of seed 1, 0 not modelled;", ", 0 unexplained", "pace: ours ");
    }

    @Test
    void the_same_as_data() {
        assertThat(lazaret("conform", "--transcript", RECORDED, "--cases", "60", "--json")).isZero();
        assertThat(out.toString()).startsWith("{\"examined\":\"QEMU 7.2.22\",\"seed\":1,\"cases\":60,")
                .contains("\"unexplained\":[]", "{\"name\":\"CLASS\",\"section\":\"IHI0070 7.3\"");
    }

    @Test
    void what_cannot_be_examined_is_one_line(@TempDir Path folder) throws IOException {
        assertThat(lazaret("conform", "--qemu", folder.resolve("none").toString())).isEqualTo(Exit.USAGE);
        assertThat(err.toString()).startsWith("lazaret: cannot run " + folder.resolve("none"));
        Path nonsense = Files.writeString(folder.resolve("nonsense"), "hello\n");
        assertThat(lazaret("conform", "--transcript", nonsense.toString())).isEqualTo(Exit.USAGE);
        assertThat(err.toString()).contains("nonsense:1: \"# QEMU\" and a version expected");
        assertThat(lazaret("conform")).isEqualTo(Exit.USAGE);
    }

    @Test
    void a_scenario_without_ats_runs_on_qemu(TestInfo test) {
        needsQemu(test);
        int code = lazaret("run", "unmap-races-with-attach", "--machine", "qemu", "--qemu", QEMU,
                "--runs", "2");
        assertThat(code).as(err.toString()).isEqualTo(Exit.UPHELD);
        assertThat(out.toString()).contains("on QEMU ", "upheld: no property broken in 2 runs");
    }

    @Test
    void one_that_needs_ats_is_refused_with_the_reason(TestInfo test) {
        needsQemu(test);
        assertThat(lazaret("run", "--machine", "qemu", "--qemu", QEMU)).isEqualTo(Exit.INCONCLUSIVE);
        assertThat(out.toString()).contains("inconclusive: not modelled: ATS on this SMMU: nic keeps");
    }

    @Test
    void forms_of_a_finding_are_for_the_model() {
        assertThat(lazaret("run", "--machine", "qemu", "--json")).isEqualTo(Exit.USAGE);
        assertThat(err.toString()).contains("are for --machine model");
    }
}
