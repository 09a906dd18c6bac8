// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code logs --follow} in a process of its own, as people start and stop it. */
class FollowEndsTest {
    private static final int INTERRUPTED = 130;

    @TempDir
    private Path folder;

    @Test
    @Timeout(120)
    void news_comes_while_the_file_grows_and_ctrl_c_ends_it() throws IOException, InterruptedException {
        Path log = Files.writeString(folder.resolve("log"), "[    0.1] Booting Linux\n");
        Path errors = folder.resolve("errors");
        Process lazaret = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-p", System.getProperty("jdk.module.path"), "-m", "lazaret.cli/lazaret.cli.Main",
                "logs", "--follow", log.toString()).redirectError(errors.toFile()).start();
        try (BufferedReader said = lazaret.inputReader()) {
            Files.writeString(log, "[    7.2] arm-smmu-v3 arm-smmu-v3.0.auto: CMDQ error (cons 0x03000034): "
                    + "ATC invalidate timeout\n", StandardOpenOption.APPEND);
            assertThat(said.readLine()).contains("lost-flush certain").contains("arm-smmu-v3.0.auto");

            new ProcessBuilder("kill", "-INT", Long.toString(lazaret.pid())).start().waitFor();
            assertThat(lazaret.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(lazaret.exitValue()).isEqualTo(INTERRUPTED);
            assertThat(said.readLine()).isNull();
            assertThat(errors).isEmptyFile();
        } finally {
            lazaret.destroyForcibly();
        }
    }
}
