// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
    private static final Path RECORDING =
            Path.of("..", "inspect", "src", "test", "resources", "recordings", "k73-s1-4k");

    private record Said(int code, String out, String err) { }

    @TempDir
    private Path folder;

    private static Said walk(Path recording, Path tuples, String... more) {
        var out = new StringWriter();
        var err = new StringWriter();
        var args = new ArrayList<>(List.of("inspect", "walk", recording.toString()));
        args.addAll(List.of("--tuples", tuples.toString()));
        args.addAll(List.of(more));
        int code = Main.execute(new PrintWriter(out), new PrintWriter(err), args.toArray(String[]::new));
        return new Said(code, out.toString(), err.toString());
    }

    private Path tuples(String... lines) throws IOException {
        return Files.writeString(folder.resolve("t.jsonl"), String.join("\n", lines));
    }

    @Test
    void recorded_accesses_match() {
        Said said = walk(RECORDING, RECORDING.resolve("tuples-public.jsonl.gz"));

        assertThat(said.code()).isZero();
        assertThat(said.out()).isEqualTo("1421 match, 0 mismatches\n");
    }

    @Test
    void a_mismatch_shows_what_was_read_and_exits_1() throws IOException {
        Path file = tuples("{\"sid\": \"0x8\", \"iova\": \"0x20e2d30\", \"acc\": \"R\", \"pa\": \"0x1000\"}",
                "{\"sid\": \"0x8\", \"iova\": \"0x20e2d30\", \"acc\": \"R\", \"event\": \"F_PERMISSION\"}");

        Said said = walk(RECORDING, file, "--show", "1");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).contains(file + ":1: sid 0x8 read 0x20e2d30\n",
                "expected pa 0x1000, came to F_TRANSLATION", "STE[V=1", "… and 1 more\n",
                "0 match, 2 mismatches\n").doesNotContain("t.jsonl:2");
    }

    @Test
    void what_cannot_be_read_is_told_with_its_line_and_exits_64() throws IOException {
        Path file = tuples("{\"sid\": \"0x8\"");

        assertThat(walk(RECORDING, file)).satisfies(said -> {
            assertThat(said.code()).isEqualTo(64);
            assertThat(said.err()).startsWith("lazaret: " + file + ":1: expected JSON: ")
                    .doesNotContain("Source");
        });
        assertThat(walk(folder.resolve("none"), file).code()).isEqualTo(64);
        assertThat(walk(RECORDING, folder.resolve("none")).code()).isEqualTo(64);
        assertThat(walk(RECORDING, file, "--show", "-1").code()).isEqualTo(64);
    }
}
