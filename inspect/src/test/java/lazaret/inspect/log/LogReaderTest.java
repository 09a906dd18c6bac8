// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LogReaderTest {
    private static final String HIT = "AMD-Vi: Completion-Wait loop timed out";

    /** A stream that gives as many bytes at a time as it likes. */
    private static InputStream inPieces(String text, long seed) {
        var random = new SplittableRandom(seed);
        var all = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        return new InputStream() {
            @Override
            public int read() {
                return all.read();
            }

            @Override
            public int read(byte[] into, int from, int length) {
                return all.read(into, from, Math.min(length, 1 + random.nextInt(40)));
            }
        };
    }

    private static List<String> read(InputStream in) throws IOException {
        var lines = new ArrayList<String>();
        new LogReader().read(in, (number, raw) -> lines.add(number + ":" + raw));
        return lines;
    }

    @Test
    void lines_do_not_depend_on_how_the_bytes_come() throws IOException {
        String text = "usb 1-1: a\n".repeat(50) + HIT + "\nx\ny\nz\n" + "usb\n".repeat(500) + HIT;

        List<String> whole = read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));

        assertThat(whole).containsExactly("51:" + HIT, "52:x", "53:y", "555:" + HIT);
        for (long seed = 0; seed < 20; seed++) {
            assertThat(read(inPieces(text, seed))).isEqualTo(whole);
        }
    }

    @Test
    void a_line_without_end_comes_in_pieces_and_ends() throws IOException {
        String endless = "x".repeat(700_000) + HIT;

        List<String> lines = read(new ByteArrayInputStream(endless.getBytes(StandardCharsets.UTF_8)));

        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst()).endsWith(HIT);
        assertThat(lines.getFirst().length()).isLessThan(300_000);
    }

    @Test
    void carriage_returns_and_blanks_of_the_web_are_taken_away() throws IOException {
        assertThat(read(new ByteArrayInputStream(("\u00a0 " + HIT + "\r\n")
                .getBytes(StandardCharsets.UTF_8))))
                .containsExactly("1:  " + HIT);
    }

    @Test
    void every_word_finds_its_line_and_nothing_else_does() {
        var needles = new Needles();
        for (String word : Needles.WORDS) {
            byte[] line = ("abc " + word).getBytes(StandardCharsets.UTF_8);
            assertThat(needles.in(line, 0, line.length)).as(word).isTrue();
            assertThat(needles.in(line, 0, line.length - 1)).as(word + " cut")
                    .isEqualTo(Needles.WORDS.stream().anyMatch(w -> ("abc "
                    + word.substring(0, word.length() - 1))
                            .contains(w)));
        }
        byte[] other = "[ 1.0] EXT4-fs (nvme0n1p2): mounted filesystem".getBytes(StandardCharsets.UTF_8);
        assertThat(needles.in(other, 0, other.length)).isFalse();
    }

    @Test
    void what_is_held_does_not_grow_with_the_log() throws IOException {
        var triage = new Triage();
        var text = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            text.append("ahci 0000:").append(String.format("%02x", i & 0xff))
                    .append(":00.0: AMD-Vi: Event logged ")
                    .append("[IO_PAGE_FAULT domain=0x").append(Integer.toHexString(i)).append(" address=0x")
                    .append(Integer.toHexString(i << 12)).append(" flags=0x0020]\n");
        }
        triage.read("log", new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8)), _ ->
                { });

        assertThat(triage.report().incidents()).hasSize(256).allSatisfy(i -> {
            assertThat(i.seen().size()).isLessThanOrEqualTo(65);
            assertThat(i.count()).isGreaterThanOrEqualTo(78);
        });
    }
}
