// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever brings a file that is none hears which, where in it, and what was expected. */
class BadInputTest {
    private static final String REGISTERS = """
            {"regs": {"IDR0": "0x0d40101a", "IDR1": "0x02730010", "IDR5": "0x74", "CR0": "0xd",
              "STRTAB_BASE": "0x40000000", "STRTAB_BASE_CFG": "0x10210"},
            """;

    @TempDir
    private Path folder;

    private void meta(String rest) throws IOException {
        Files.writeString(folder.resolve("meta.json"), REGISTERS + rest);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {
        "{\"sid\": \"0x8\", \"iova\": \"0x1000\", \"acc\": \"R\"} | either \"pa\" or \"event\"",
        "{\"sid\": \"0x8\", \"iova\": \"0x1000\", \"acc\": \"X\", \"pa\": \"0x1\"} | R or W under \"acc\"",
        "{\"sid\": \"0xg\", \"iova\": \"0x1\", \"acc\": \"R\", \"pa\": \"0x1\"} | a number such as",
        "{\"sid\": \"0x100000000\", \"iova\": \"0x1\", \"acc\": \"R\", \"pa\": \"0x1\"} | at most 0xffffffff",
        "{\"iova\": \"0x1000\", \"acc\": \"R\", \"pa\": \"0x1\"} | a number such as \"0x1000\" under \"sid\"",
        "{\"sid\": \"0x8\", \"iova\": \"0x1\", \"acc\": \"R\", \"event\": \"F_X\"} | the name of an event",
        "{\"sid\": \"0x8\", | JSON",
        "[1, 2] | a JSON object"})
    void a_line_that_is_no_query_is_told_with_its_number(String line, String expected) throws IOException {
        Path file = folder.resolve("t.jsonl");
        String good = "{\"sid\": \"0x8\", \"iova\": \"0x1000\", \"acc\": \"R\", \"pa\": \"0x1\"}\n\n";
        Files.writeString(file, good + line.strip() + "\n");

        assertThatThrownBy(() -> Query.read(file)).isInstanceOf(BadInput.class)
                .hasMessageStartingWith(file + ":3: expected ").hasMessageContaining(expected.strip());
    }

    @Test
    void no_file_and_an_empty_file_hold_no_queries() throws IOException {
        Path file = folder.resolve("t.jsonl");
        assertThatThrownBy(() -> Query.read(file)).hasMessage(file + ": expected a file that can be read");

        Files.writeString(file, "\n");
        assertThatThrownBy(() -> Query.read(file)).isInstanceOf(BadInput.class).hasMessageContaining("empty");
    }

    @Test
    void a_packed_file_that_was_cut_or_is_not_packed_is_called_so() throws IOException {
        Path file = folder.resolve("t.jsonl.gz");
        var packed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(packed)) {
            out.write("[1, 2]\n".repeat(100).getBytes(StandardCharsets.UTF_8));
        }
        Files.write(file, Arrays.copyOf(packed.toByteArray(), 20));
        assertThatThrownBy(() -> Query.read(file)).hasMessageStartingWith(file + ": expected a whole gzip");

        Files.writeString(file, "not packed");
        assertThatThrownBy(() -> Query.read(file)).hasMessageStartingWith(file + ": expected a whole gzip");
    }

    @Test
    void a_recording_is_a_folder_with_two_files() throws IOException {
        assertThatThrownBy(() -> Recording.open(folder.resolve("none"))).isInstanceOf(BadInput.class)
                .hasMessageContaining("a folder with meta.json and pages.bin");
        assertThatThrownBy(() -> Recording.open(folder)).isInstanceOf(BadInput.class)
                .hasMessageContaining("meta.json");

        meta("\"pages\": []}");
        assertThatThrownBy(() -> Recording.open(folder)).isInstanceOf(BadInput.class)
                .hasMessageContaining("pages.bin");

        Files.write(folder.resolve("pages.bin"), new byte[0]);
        assertThat(Recording.open(folder).regs().smmuen()).isTrue();
    }

    @Test
    void pages_and_their_addresses_go_together() throws IOException {
        Files.write(folder.resolve("pages.bin"), new byte[4096]);

        meta("\"pages\": [\"0x1000\", \"0x2000\"]}");
        assertThatThrownBy(() -> Recording.open(folder)).hasMessageContaining("2 pages of 4096 bytes");

        meta("\"pages\": [\"0x1008\"]}");
        assertThatThrownBy(() -> Recording.open(folder)).hasMessageContaining("multiples of 4096");

        meta("\"page_size\": 3, \"pages\": [\"0x1000\"]}");
        assertThatThrownBy(() -> Recording.open(folder)).hasMessageContaining("a power of two");

        meta("\"page_size\": 16384, \"pages\": [\"0x4000\"]}");
        Files.write(folder.resolve("pages.bin"), new byte[16384]);
        assertThat(Recording.open(folder).memory().backs(0x7ff8)).isTrue();
    }

    @Test
    void a_register_that_is_missing_has_a_name() throws IOException {
        Files.write(folder.resolve("pages.bin"), new byte[0]);
        Files.writeString(folder.resolve("meta.json"), "{\"regs\": {\"IDR0\": \"0x1\"}, \"pages\": []}");

        assertThatThrownBy(() -> Recording.open(folder)).isInstanceOf(BadInput.class)
                .hasMessageContaining("under \"IDR1\"");
    }
}
