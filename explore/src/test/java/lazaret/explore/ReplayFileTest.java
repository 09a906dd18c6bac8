// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReplayFileTest {
    private static final ReplayLine LINE = new ReplayLine(1, -2, 3, 4, List.of(new Exact.Turn(0, 1),
            new Exact.Turn(700, 2)));
    private static final ReplayFile FILE = new ReplayFile(
            List.of(new ReplayFile.Line("scenario", "late-completion-after-timeout"),
                    new ReplayFile.Line("seed", "-42"), new ReplayFile.Line("note", "")), LINE,
            List.of(new Departure.To(new Anchor("cpu0 task 0", "STORE", 3), "smmu cmdq"),
                    new Departure.Pick(new Anchor("nic ats", "does it answer?", 1), 1)),
            List.of("a before b"));
    private static final String TEXT = """
            lazaret replay 3
            scenario: late-completion-after-timeout
            seed: -42
            note:\s

            exact lz1:AAAAAf____4AAAADAAAABAABuwUCpp860w
            anchored 2
            1 at "cpu0 task 0" STORE 3 go to "smmu cmdq"
            2 in "nic ats" "does it answer?" 1 pick 1
            constraints 1
            1 a before b
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
        var line = new ReplayLine(0, 0, 0, 0, List.of());
        var empty = new ReplayFile(List.of(), line, List.of(), List.of());

        assertThat(empty.text()).isEqualTo("lazaret replay 3\n\nexact " + line.text()
                + "\nanchored 0\nconstraints 0\nend\n");
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
        assertThatThrownBy(() -> new ReplayFile(twice, LINE, List.of(), List.of()))
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
        unreadable(TEXT.substring(0, TEXT.indexOf("2 in")),
                "line 9: the file ends where line 2 of 2 of \"anchored\" should be: it was truncated");
        unreadable(TEXT.substring(0, TEXT.indexOf("end\n")),
                "line 12: the file ends where \"end\" should be: it was truncated");
        unreadable(TEXT.substring(0, TEXT.indexOf("\nexact")),
                "line 5: the file ends where the header should be: it was truncated");
        unreadable(TEXT.substring(0, TEXT.indexOf("exact")),
                "line 6: the file ends where \"exact\" should be: it was truncated");
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
        unreadable("", "line 1: this is not a replay file, those begin with \"lazaret replay 3\"");
        unreadable("{\"json\": true}",
                "line 1: this is not a replay file, those begin with \"lazaret replay 3\"");
        unreadable(TEXT.replace("replay 3", "replay 1"),
                "line 1: the file has replay format \"1\", this Lazaret reads format 3; replay it with the "
                        + "commit that made it, or find it again with lazaret run");
    }

    @Test
    void each_defect_is_named_with_its_line() {
        unreadable(TEXT.replace("seed: -42", "seed"), "line 3: \"seed\" is not a header line \"key: value\"");
        unreadable(TEXT.replace("seed: -42", ": -42"),
                "line 3: \": -42\" is not a header line \"key: value\"");
        unreadable(TEXT.replace("seed", "scenario"), "line 3: \"scenario\" stands twice in the header");
        unreadable(TEXT.replace("anchored 2", "anchored"),
                "line 7: \"anchored\" and their number are missing");
        unreadable(TEXT.replace("anchored 2", "anchored 9999999999"),
                "line 7: \"anchored\" and their number are missing");
        unreadable(TEXT.replace("anchored 2", "anchored 1"),
                "line 9: \"constraints\" and their number are missing");
        unreadable(TEXT.replace("anchored 2", "anchored 3"),
                "line 10: line 3 of 3 of \"anchored\" is missing");
        unreadable(TEXT.replace("STORE 3", "STORE x"), "line 9: \"at \"cpu0 task 0\" STORE x go to \"smmu "
                + "cmdq\"\" is not a departure such as 'at \"cpu0\" STORE 3 go to \"smmu cmdq\"'");
        unreadable(TEXT.replace("exact lz1", "exakt lz1"), "line 6: \"exact\" and the run are missing");
        unreadable(TEXT.replace("____", "___-"),
                "line 6: the replay line is damaged: its checksum does not fit");
        unreadable(TEXT.replace("end", "fin"), "line 12: \"end\" is missing");
        unreadable(TEXT + "more", "line 13: there is more after \"end\"");
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
