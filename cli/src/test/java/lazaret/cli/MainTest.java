// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    private record Said(int code, String out, String err) { }

    private static final String FLAGSHIP = "flush-returns-ok-after-atc-timeout";

    @TempDir
    private Path folder;

    private static Said lazaret(String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Main.execute(new PrintWriter(out), new PrintWriter(err), args);
        return new Said(code, out.toString(), err.toString());
    }

    private Said finding(Path replay) {
        return lazaret("run", FLAGSHIP, "--design", "mainline", "--runs", "100", "--replay-file",
                replay.toString());
    }

    @Test
    void explain_hardware_lists_what_can_be_chosen() {
        Said said = lazaret("explain", "hardware");

        assertThat(said.code()).isZero();
        assertThat(said.out()).contains("  caches: STALE (of: NONE, STALE, KEPT)\n", "IHI0070 3.21",
                "  FETCHES_AHEAD: false (of: false, true)\n", "LibertyTest.", "not architected");
    }

    // ---- run

    @Test
    void the_default_run_upholds() {
        Said said = lazaret("run", "--runs", "20");

        assertThat(said.code()).isZero();
        assertThat(said.out()).contains(FLAGSHIP, "minimumX", "upheld", "seed 1", "a sample, not a proof");
        assertThat(said.err()).isEmpty();
    }

    @Test
    void mainline_gives_a_finding_with_swimlanes_and_a_replay_file() {
        Path replay = folder.resolve("f.replay");

        Said said = finding(replay);

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).contains("finding: P1 containment", "(1)", "(2)",
                "executes ATC_INV: invalidate request to sid=0x100", "smmu3.0-gerror#1: smmu3.0: unexpected",
                " returns", "reproduce: lazaret replay " + replay);
        assertThat(said.out()).doesNotContain("\u001b");
        assertThat(replay).exists();
    }

    @Test
    void swimlanes_fit_a_mail() {
        Said said = finding(folder.resolve("f.replay"));

        assertThat(said.out().lines().filter(l -> l.contains("│") || l.contains("●")).mapToInt(String::length)
                .max().orElse(0))
                .isBetween(1, 100);
    }

    @Test
    void json_says_the_same_as_data() {
        Said said = lazaret("run", FLAGSHIP, "--design", "mainline", "--runs", "100", "--json",
                "--replay-file",
                folder.resolve("f.replay").toString());

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).startsWith("{").contains("\"outcome\":\"finding\"", "\"property\":\"P1\"",
                "\"lines\":[",
                "\"mark\":2", "\"departures\":[", "\"replayLine\":\"lz1:");
    }

    @Test
    void the_same_seed_gives_the_same_words() {
        String first = lazaret("run", "--runs", "30", "--seed", "7", "--json").out();

        assertThat(lazaret("run", "--runs", "30", "--seed", "7", "--json").out()).isEqualTo(first);
        assertThat(lazaret("run", "--runs", "30", "--seed", "8", "--json").out()).isNotEqualTo(first);
    }

    @Test
    void runs_are_made_by_the_schedules_that_are_chosen() {
        Said said = lazaret("run", "--design", "mainline", "--runs", "41", "--schedule", "pos,surw",
                "--replay-file", folder.resolve("f.replay").toString());

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).contains("of 41 runs (1 straight, 20 pos, 20 surw; ");
        assertThat(lazaret("run", "--schedule", "none").code()).isEqualTo(64);
    }

    @Test
    void another_jvm_says_the_same_words() throws IOException, InterruptedException {
        Path errors = folder.resolve("errors");
        Process other = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UnlockExperimentalVMOptions", "-XX:hashCode=2",
                "--add-exports=java.base/jdk.internal.vm=lazaret.explore",
                "-p", System.getProperty("jdk.module.path"), "-m", "lazaret.cli/lazaret.cli.Main",
                "run", "--runs", "60", "--seed", "7", "--json")
                .redirectError(errors.toFile()).start();
        String there = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(other.waitFor()).as(Files.readString(errors)).isZero();
        assertThat(there).contains("\"digest\":")
                .isEqualTo(lazaret("run", "--runs", "60", "--seed", "7", "--json").out());
    }

    // ---- replay

    @Test
    void a_replay_shows_the_same_steps_byte_for_byte() {
        Path replay = folder.resolve("f.replay");
        String run = finding(replay).out();

        Said again = lazaret("replay", replay.toString());

        assertThat(again.code()).isEqualTo(1);
        assertThat(lanes(again.out())).isEqualTo(lanes(run));
        assertThat(lazaret("replay", replay.toString()).out()).isEqualTo(again.out());
    }

    private static String line(String out) {
        return out.lines().filter(l -> l.startsWith("replay: ")).findFirst().orElseThrow().substring(8);
    }

    private static String lanes(String out) {
        return out.substring(out.indexOf("time "), out.indexOf("(1) and (2)"));
    }

    @Test
    void a_replay_file_that_is_no_use_is_one_clear_line() throws IOException {
        Path replay = folder.resolve("f.replay");
        finding(replay);
        String good = Files.readString(replay);

        assertRefused(write("truncated", good.substring(0, good.length() / 2)), "truncated");
        assertRefused(write("format", good.replaceFirst("replay 3", "replay 1")), "replay format \"1\"");
        assertRefused(write("foreign", "hello\n"), "not a replay file");
        assertRefused(write("design", good.replaceFirst("design: .*", "design: nonsense")), "nonsense");
        assertRefused(write("digest", good.replaceFirst("digest: .*", "digest: 1")), "damaged");
        assertRefused(write("number", good.replaceFirst("digest: .*", "digest: x")), "damaged");
        assertRefused(folder.resolve("missing"), "cannot read");
    }

    @Test
    void the_line_replays_what_the_file_does() {
        Path replay = folder.resolve("f.replay");
        String run = finding(replay).out();
        String line = line(run);

        Said again = lazaret("replay", line);

        assertThat(again.code()).isEqualTo(1);
        assertThat(line).hasSizeLessThan(60);
        assertThat(lanes(again.out())).isEqualTo(lanes(run));
    }

    @Test
    void a_line_that_is_no_use_is_one_clear_line() {
        String run = finding(folder.resolve("f.replay")).out();
        String line = line(run);

        assertRefused(line.substring(0, line.length() - 3), "take it whole");
        assertRefused("lz1:AAAA", "truncated");
        assertRefused(new lazaret.explore.ReplayLine(1, 2, 3, 4, java.util.List.of()).text(),
                "another build");
    }

    @Test
    void a_file_of_another_build_falls_to_the_anchored_layer_and_says_so() throws IOException {
        Path replay = folder.resolve("f.replay");
        String run = finding(replay).out();
        String good = Files.readString(replay);

        Said again = lazaret("replay", write("commit", good.replaceFirst("commit: .*", "commit: feedbeef"))
                .toString());

        assertThat(again.code()).isEqualTo(1);
        assertThat(again.out()).contains("layer: anchored: made by lazaret", "feedbeef");
        assertThat(lanes(again.out())).isEqualTo(lanes(run));
        String foreign = good.replaceFirst("commit: .*", "commit: feedbeef");
        Said constrained = lazaret("replay", write("anchors", foreign.replaceFirst(
                "(?s)anchored 1.*?\nconstraints", "anchored 0\nconstraints")).toString());
        assertThat(constrained.code()).isEqualTo(1);
        assertThat(constrained.out()).contains("layer: constraints: made by lazaret");
        Path elsewhere = write("elsewhere", good.replaceFirst("commit: .*", "commit: feedbeef")
                .replaceFirst("design: .*", "design: minimumX"));
        assertRefused(elsewhere, "none of 500 runs that keep to its order shows P1 frame");
    }

    @Test
    void the_run_is_shown_as_plain_as_it_can_be_unless_it_is_wanted_raw() {
        Said plain = finding(folder.resolve("f.replay"));
        Said raw = lazaret("run", FLAGSHIP, "--design", "mainline", "--runs", "100", "--raw", "--replay-file",
                folder.resolve("raw.replay").toString());

        assertThat(plain.out()).contains("made plainer in", "1 departure from the default",
                "This one has, and all those lack:", "before smmu: sid=0x100 translated write 0x1000 lands");
        assertThat(raw.out()).doesNotContain("made plainer").contains("finding: P1 containment");
        assertThat(lazaret("replay", folder.resolve("raw.replay").toString()).code()).isEqualTo(1);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static void assertRefused(Object replay, String reason) {
        Said said = lazaret("replay", replay.toString());
        assertThat(said.code()).isEqualTo(64);
        assertThat(said.err().lines()).hasSize(1);
        assertThat(said.err()).startsWith("lazaret: ").contains(reason);
    }

    // ---- a scenario of one's own

    @Test
    void a_user_s_file_is_compiled_and_run() throws IOException {
        Path file = write("MyScenario.java", """
                import lazaret.lab.*;
                public class MyScenario implements Scenario {
                    public String line() { return "one device, one page"; }
                    public void stage(Lab lab) {
                        Fn nic = lab.endpoint("nic", "01:00.0");
                        Space space = lab.domain(nic);
                        space.map(0x1000);
                        nic.warm(0x1000).neverAnswersAtcInv().writes(0x1000, 7, 1);
                        lab.cpu("cpu0", () -> lab.free(space.unmap(0x1000)));
                    }
                }
                """);

        Said said = lazaret("run", file.toString(), "--runs", "20");

        assertThat(said.err()).isEmpty();
        assertThat(said.code()).isZero();
        assertThat(said.out()).contains("my-scenario");
    }

    @Test
    void what_javac_says_of_a_user_s_file_is_shown() throws IOException {
        Path file = write("Broken.java",
                "public class Broken implements lazaret.lab.Scenario {\n  int x = \"no\";\n}\n");

        Said said = lazaret("run", file.toString());

        assertThat(said.code()).isEqualTo(64);
        assertThat(said.err()).contains("Broken.java:2: error: incompatible types");
    }

    @Test
    void what_a_user_s_actors_do_wrongly_is_no_finding_and_names_its_line() throws IOException {
        Path file = write("Absent.java", """
                public class Absent implements lazaret.lab.Scenario {
                    public String line() { return "unmaps what is not mapped"; }
                    public void stage(lazaret.lab.Lab lab) {
                        var space = lab.domain(lab.endpoint("nic", "01:00.0"));
                        lab.cpu("cpu0", () -> space.unmap(0x3000));
                    }
                }
                """);

        for (String command : new String[] {"run", "explore"}) {
            Said said = lazaret(command, file.toString());

            assertThat(said.code()).isEqualTo(64);
            assertThat(said.err()).isEqualToIgnoringNewLines(
                    "lazaret: Absent.java:5: nothing is mapped at 0x3000");
            assertThat(said.out()).isEmpty();
        }
    }

    @Test
    void what_a_user_s_file_wires_wrongly_names_its_line() throws IOException {
        Path file = write("Wrong.java", """
                public class Wrong implements lazaret.lab.Scenario {
                    public String line() { return ""; }
                    public void stage(lazaret.lab.Lab lab) {
                        lab.endpoint("nic", "nonsense");
                    }
                }
                """);

        Said said = lazaret("run", file.toString());

        assertThat(said.code()).isEqualTo(64);
        assertThat(said.err()).contains("Wrong.java:4");
        assertThat(said.err().lines()).hasSize(1);
    }

    @Test
    void a_file_without_a_scenario_is_refused() throws IOException {
        Said said = lazaret("run", write("Empty.java", "class Empty { }\n").toString());

        assertThat(said.code()).isEqualTo(64);
        assertThat(said.err()).contains("holds no class that implements");
    }

    // ---- list, explain, wrong use

    @Test
    void list_has_a_line_for_each_scenario_and_design() {
        Said said = lazaret("list");

        assertThat(said.code()).isZero();
        assertThat(said.out()).contains(FLAGSHIP, "cmdq-frozen-no-cerror", "minimumX (default)", "minimumY",
                "mainline");
        assertThat(lazaret("list", "--json").out()).contains("\"scenarios\":[", "\"designs\":[");
    }

    @Test
    void list_shows_planted_bugs_when_asked_with_the_command_that_meets_each() {
        assertThat(lazaret("list").out()).doesNotContain("planted:");
        assertThat(lazaret("list", "--planted").out())
                .contains("lazaret explore second-flush-skips-muted --design planted:mutesBeforeFence");
    }

    @Test
    void a_planted_bug_is_a_design_like_any_other() {
        Path replay = folder.resolve("planted.replay");

        Said said = lazaret("run", "second-flush-skips-muted", "--design", "planted:mutesBeforeFence",
                "--replay-file", replay.toString());

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).contains("design planted:mutesBeforeFence", "finding: P");
        assertThat(lazaret("replay", replay.toString()).code()).isEqualTo(1);
    }

    @Test
    void explain_says_what_a_property_claims_and_what_not() {
        assertThat(lazaret("explain", "p1").out()).contains("P1 containment", "Watches", "Does not claim");
        assertThat(lazaret("explain").out()).contains("P1 ", "P14 ");
        assertThat(lazaret("explain", "P99").code()).isEqualTo(64);
    }

    @Test
    void wrong_use_is_one_line_and_a_hint() {
        for (String[] args : new String[][] {{}, {"fly"}, {"run", "no-such-scenario"},
                {"run", "--design", "none"},
                {"run", "--runs", "many"}, {"run", "--runs", "0"}, {"replay"}, {"run", "nowhere/X.java"}}) {
            Said said = lazaret(args);
            assertThat(said.code()).as(String.join(" ", args)).isEqualTo(64);
            assertThat(said.err().lines().count()).as(said.err()).isLessThanOrEqualTo(2);
            assertThat(said.err()).startsWith("lazaret: ").doesNotContain("Exception", "\tat ");
        }
    }
}
