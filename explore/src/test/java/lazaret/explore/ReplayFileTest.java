// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReplayFileTest {
    private static final ReplayFile FILE = new ReplayFile(
            List.of(new ReplayFile.Line("scenario", "late-completion-after-timeout"),
                    new ReplayFile.Line("seed", "-42"), new ReplayFile.Line("note", "")),
            List.of(new Choice(true, 5, 2, "smmu.cmdq"),
                    new Choice(false, 2, 1, "does the device answer?"), new Choice(true, 2, 0, "cpu 0")));
    private static final String TEXT = """
            lazaret replay 1
            scenario: late-completion-after-timeout
            seed: -42
            note:\s

            choices 3
            1 who 2/5 smmu.cmdq
            2 what 1/2 does the device answer?
            3 who 0/2 cpu 0
            end
            """;

    @Test
    void the_text_is_as_documented_and_reads_back() throws ReplayFile.Unreadable {
        assertThat(FILE.text()).isEqualTo(TEXT);
        assertThat(ReplayFile.parse(TEXT)).isEqualTo(FILE);
        assertThat(ReplayFile.parse(TEXT.replace("\n", "\r\n"))).isEqualTo(FILE);
        assertThat(ReplayFile.parse(TEXT.stripTrailing())).isEqualTo(FILE);
        assertThat(ReplayFile.parse(TEXT.replace("note: ", "note:"))).isEqualTo(FILE);
        assertThat(FILE.value("seed")).contains("-42");
        assertThat(FILE.value("design")).isEmpty();
    }

    @Test
    void an_empty_run_has_a_file_too() throws ReplayFile.Unreadable {
        var empty = new ReplayFile(List.of(), List.of());

        assertThat(empty.text()).isEqualTo("lazaret replay 1\n\nchoices 0\nend\n");
        assertThat(ReplayFile.parse(empty.text())).isEqualTo(empty);
    }

    @Test
    void what_does_not_fit_on_a_line_cannot_be_written() {
        assertThatThrownBy(() -> new ReplayFile.Line("a b", "x"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ReplayFile.Line("a:", "x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ReplayFile.Line("", "x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ReplayFile.Line("a", "x\ny"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ReplayFile.Line("a", " x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Choice(false, 2, 0, "x\ny"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Choice(false, 2, 0, "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Choice(false, 2, 2, "x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Choice(false, 1, 0, "x")).isInstanceOf(IllegalArgumentException.class);
        var twice = List.of(new ReplayFile.Line("a", "1"), new ReplayFile.Line("a", "2"));
        assertThatThrownBy(() -> new ReplayFile(twice, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_choice_is_read_only_from_exactly_the_line_it_writes() {
        assertThat(Choice.parse("who 1/3 cpu 0")).isEqualTo(new Choice(true, 3, 1, "cpu 0"));
        for (String line : List.of("", "who", "who 1/3", "who 1/3 ", "who 1 3 x", "why 1/3 x", "who +1/3 x",
                "who 01/3 x", "who 3/3 x", "who -1/3 x", "who 0/1 x", "who 1/99999999999 x", "who /3 x",
                "who 1/ x", " who 1/3 x")) {
            assertThatThrownBy(() -> Choice.parse(line)).as(line)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_file_cut_off_after_any_line_says_where_it_ends() {
        List<String> lines = TEXT.lines().toList();
        for (int kept = 0; kept < lines.size(); kept++) {
            String cut = String.join("\n", lines.subList(0, kept));
            assertThatThrownBy(() -> ReplayFile.parse(cut)).as("after %d lines", kept)
                    .isInstanceOf(ReplayFile.Unreadable.class)
                    .hasMessageMatching("line \\d+: .*");
        }
        unreadable(TEXT.substring(0, TEXT.indexOf("3 who")),
                "line 9: the file ends where choice 3 of 3 should be: it was truncated");
        unreadable(TEXT.substring(0, TEXT.indexOf("end\n")),
                "line 10: the file ends where \"end\" should be: it was truncated");
        unreadable(TEXT.substring(0, TEXT.indexOf("\nchoices")),
                "line 5: the file ends where the header should be: it was truncated");
        unreadable(TEXT.substring(0, TEXT.indexOf("choices")),
                "line 6: the file ends where \"choices\" should be: it was truncated");
    }

    @Test
    void a_file_cut_off_anywhere_is_unreadable_unless_only_the_last_line_feed_is_gone() {
        for (int kept = 0; kept < TEXT.length() - 1; kept++) {
            String cut = TEXT.substring(0, kept);
            assertThatThrownBy(() -> ReplayFile.parse(cut)).as(cut).isInstanceOf(ReplayFile.Unreadable.class);
        }
    }

    @Test
    void foreign_files_and_other_formats_are_told_apart() {
        unreadable("", "line 1: this is not a replay file, those begin with \"lazaret replay 1\"");
        unreadable("{\"json\": true}",
                "line 1: this is not a replay file, those begin with \"lazaret replay 1\"");
        unreadable(TEXT.replace("replay 1", "replay 2"),
                "line 1: the file has replay format \"2\", this Lazaret reads format 1");
    }

    @Test
    void each_defect_is_named_with_its_line() {
        unreadable(TEXT.replace("seed: -42", "seed"), "line 3: \"seed\" is not a header line \"key: value\"");
        unreadable(TEXT.replace("seed: -42", ": -42"),
                "line 3: \": -42\" is not a header line \"key: value\"");
        unreadable(TEXT.replace("seed", "scenario"), "line 3: \"scenario\" stands twice in the header");
        unreadable(TEXT.replace("choices 3", "choices"), "line 6: \"choices\" and their number are missing");
        unreadable(TEXT.replace("choices 3", "choices 9999999999"),
                "line 6: \"choices\" and their number are missing");
        unreadable(TEXT.replace("choices 3", "choices 2"), "line 9: \"end\" is missing after 2 choices");
        unreadable(TEXT.replace("choices 3", "choices 4"), "line 10: choice 4 of 4 is missing");
        unreadable(TEXT.replace("2 what", "3 what"), "line 8: choice 2 of 3 is missing");
        unreadable(TEXT.replace("2/5", "5/5"),
                "line 7: \"who 5/5 smmu.cmdq\" is not a choice such as \"who 1/3 cpu0\"");
        unreadable(TEXT.replace("end", "fin"), "line 10: \"end\" is missing after 3 choices");
        unreadable(TEXT + "more", "line 11: there is more after \"end\"");
        unreadable(TEXT.replace("seed: -42", "se\u001bed" + "x".repeat(100)),
                "line 3: \"se?ed" + "x".repeat(55) + "…\" is not a header line \"key: value\"");
    }

    @Test
    void random_corruption_is_unreadable_or_another_file_and_never_anything_worse() {
        var random = new SplittableRandom(6);
        int readable = 0;
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = TEXT.getBytes(StandardCharsets.UTF_8);
            for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            String corrupt = new String(bytes, StandardCharsets.UTF_8);
            try {
                ReplayFile file = ReplayFile.parse(corrupt);
                assertThat(ReplayFile.parse(file.text())).isEqualTo(file);
                readable++;
            } catch (ReplayFile.Unreadable expected) {
                assertThat(expected.getMessage()).matches("line \\d+: [^\\n\\r]*");
            }
        }
        assertThat(readable).isBetween(1, 4_990);
    }

    private static void unreadable(String text, String message) {
        assertThatThrownBy(() -> ReplayFile.parse(text)).isInstanceOf(ReplayFile.Unreadable.class)
                .hasMessage(message);
    }
}
