// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareCommandTest {
    private record Said(int code, String out, String err) { }

    @TempDir
    private Path folder;

    private static Said lazaret(String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Main.execute(new PrintWriter(out), new PrintWriter(err), args);
        return new Said(code, out.toString(), err.toString());
    }

    private static Said compare(String... more) {
        String[] args = {"compare", "attach-stores-over-fence", "--design", "minimumX", "--design",
            "minimumY", "--budget", "4s"};
        String[] all = Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return lazaret(all);
    }

    @Test
    void designs_stand_side_by_side_with_what_breaks_them_and_where() {
        Said said = compare();

        assertThat(said.code()).isZero();
        assertThat(said.out()).contains("What holds in 1 scenarios", "What it costs", "✗",
                "minimumY  P5", "attach-stores-over-fence", "comes back by", "FLR, rebind");
    }

    @Test
    void the_same_comes_as_markdown_and_as_a_page() throws IOException {
        Path page = folder.resolve("designs.html");

        Said said = compare("--markdown", "--html", page.toString());

        assertThat(said.out()).contains("| design | P1 | P2 |", "| minimumY | ");
        assertThat(Files.readString(page)).contains("<td>minimumY</td>", "class=\"broken\"");
    }

    @Test
    void the_same_comes_as_data() {
        Said said = compare("--json");

        assertThat(said.out()).startsWith("{").contains("\"name\":\"minimumX\"", "\"healthyHarmed\":0",
                "\"recoversByRebind\":true", "\"preemptions\":");
    }

    @Test
    void what_breaks_a_property_can_be_kept_and_replayed() {
        compare("--replays", folder.resolve("kept").toString(), "--workers", "2");

        Said said = lazaret("replay",
                folder.resolve("kept/attach-stores-over-fence-minimumY-P5.replay").toString());

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).contains("P5 sticky broken on sid 0x100");
    }

    @Test
    void how_many_search_at_once_must_be_a_sensible_number() {
        assertThat(compare("--workers", "0").err()).contains("--workers is a number from 1 to 64");
    }

    @Test
    void where_no_replays_can_be_written_nothing_is_compared() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        Said said = compare("--replays", file.toString());

        assertThat(said.code()).isEqualTo(64);
        assertThat(said.out()).isEmpty();
        assertThat(said.err()).contains("cannot make the directory " + file);
    }

    @Test
    void a_design_that_does_not_exist_is_refused() {
        Said said = lazaret("compare", "--design", "minimumX,isolate=never");

        assertThat(said.code()).isEqualTo(64);
        assertThat(said.err()).contains("there is no design");
    }
}
