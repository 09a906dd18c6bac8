// SPDX-License-Identifier: Apache-2.0
package lazaret.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./lazaret} in a house of cardboard: JDKs and Maven are scripts that say what they were asked. */
class LauncherTest {
    private static final Repo REPO = Repo.here();

    /** What a started program left: exit code, output, messages. */
    private record Outcome(int exit, String out, String err) { }

    @TempDir
    private Path folder;
    private Path house;
    private Path jdks;

    @BeforeEach
    void build() throws IOException {
        house = folder.resolve("a house");
        jdks = folder.resolve("jdks");
        Files.createDirectories(house.resolve(".mvn"));
        Files.createDirectories(jdks);
        for (String script : List.of("lazaret", ".mvn/find-jdk")) {
            Files.copy(REPO.root().resolve(script), house.resolve(script));
        }
        Files.writeString(house.resolve("pom.xml"), "");
        for (String module : List.of("cli", "lab", "tidy")) {
            write(house.resolve(module + "/src/main/A.java"), "");
        }
        maven("mkdir -p cli/target/modules && echo jar >cli/target/modules/a.jar");
        jdk(folder.resolve("path/jdk17"), "17.0.15");
        Files.createSymbolicLink(folder.resolve("path/java"), folder.resolve("path/jdk17/bin/java"));
    }

    @Test
    void withoutAJdkItSaysSoAndDoesNotBuild() throws Exception {
        jdk(jdks.resolve("17"), "17.0.15");
        var outcome = lazaret(Map.of("JAVA_HOME", jdks.resolve("17").toString()), "run");
        assertThat(outcome.exit).isEqualTo(3);
        assertThat(outcome.err).startsWith("lazaret: needs a JDK 25 or newer and found none.\n");
        assertThat(builds()).isZero();
    }

    @Test
    void aJreIsNoJdk() throws Exception {
        jdk(jdks.resolve("25"), "25.0.3");
        Files.delete(jdks.resolve("25/bin/javac"));
        assertThat(lazaret(Map.of(), "run").exit).isEqualTo(3);
    }

    @Test
    void theNamedJdkComesFirst() throws Exception {
        jdk(jdks.resolve("25"), "25.0.3");
        jdk(folder.resolve("mine"), "26-ea");
        var outcome = lazaret(Map.of("LAZARET_JAVA_HOME", folder.resolve("mine").toString()), "run");
        assertThat(outcome.out).startsWith("mine: ");
        assertThat(lazaret(Map.of(), "run").out).startsWith("25: ");
    }

    @Test
    void aNamedJdkThatIsTooOldIsSaid() throws Exception {
        jdk(jdks.resolve("25"), "25.0.3");
        var outcome = lazaret(Map.of("LAZARET_JAVA_HOME", folder.resolve("path/jdk17").toString()), "run");
        assertThat(outcome.err).contains("path/jdk17 is no JDK 25 or newer; looking elsewhere");
        assertThat(outcome.out).startsWith("25: ");
    }

    @Test
    void itBuildsOnceAndPassesArgumentsAndExitCodeThrough() throws Exception {
        jdk(jdks.resolve("25"), "25.0.3");
        var first = lazaret(Map.of(), "run", "two words");
        assertThat(first.out).contains("-XX:AOTCache=", "-m lazaret.cli/lazaret.cli.Main run [two words]");
        assertThat(first.err).contains("building");
        assertThat(first.exit).isEqualTo(7);
        var second = lazaret(Map.of(), "run");
        assertThat(second.err).isEmpty();
        assertThat(second.exit).isEqualTo(7);
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void aChangedSourceOrPomBuildsAgainATidyRuleDoesNot() throws Exception {
        jdk(jdks.resolve("25"), "25.0.3");
        lazaret(Map.of(), "run");
        change("tidy/src/main/A.java");
        lazaret(Map.of(), "run");
        assertThat(builds()).isEqualTo(1);
        change("lab/src/main/A.java");
        lazaret(Map.of(), "run");
        assertThat(builds()).isEqualTo(2);
        change("pom.xml");
        lazaret(Map.of(), "run");
        assertThat(builds()).isEqualTo(3);
    }

    @Test
    void aDeletedSourceBuildsAgain() throws Exception {
        jdk(jdks.resolve("25"), "25.0.3");
        lazaret(Map.of(), "run");
        Files.delete(house.resolve("lab/src/main/A.java"));
        change("lab/src/main");
        lazaret(Map.of(), "run");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void aBuildThatFailsShowsItsErrorsAndIsTriedAgain() throws Exception {
        jdk(jdks.resolve("25"), "25.0.3");
        maven("""
                echo '[INFO] fine'
                echo '[ERROR] A.java:[1,2] no'
                echo '[ERROR] '
                echo '[ERROR] re-run with -X'
                exit 1""");
        var outcome = lazaret(Map.of(), "run");
        assertThat(outcome.exit).isEqualTo(4);
        assertThat(outcome.err).contains("[ERROR] A.java:[1,2] no", "lazaret: the build failed")
                .doesNotContain("fine", "re-run with -X");
        assertThat(lazaret(Map.of(), "run").exit).isEqualTo(4);
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void aTrainingThatFailsCostsNothingButSpeed() throws Exception {
        jdk(jdks.resolve("25"), "25.0.3");
        Files.writeString(jdks.resolve("25/untrainable"), "");
        var outcome = lazaret(Map.of(), "run");
        assertThat(outcome.exit).isEqualTo(7);
        assertThat(outcome.out).doesNotContain("AOTCache");
    }

    @Test
    void twoFirstStartsBuildOnce() throws Exception {
        jdk(jdks.resolve("25"), "25.0.3");
        maven("sleep 1; mkdir -p cli/target/modules && echo jar >cli/target/modules/a.jar");
        Process one = start(Map.of(), "run");
        Process two = start(Map.of(), "run");
        assertThat(List.of(one.waitFor(), two.waitFor())).containsExactly(7, 7);
        assertThat(builds()).isEqualTo(1);
        assertThat(house.resolve(".lazaret/lock")).doesNotExist();
    }

    @Test
    void theLockOfAProcessThatDiedIsOvertaken() throws Exception {
        jdk(jdks.resolve("25"), "25.0.3");
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        Files.createDirectories(house.resolve(".lazaret"));
        Files.createSymbolicLink(house.resolve(".lazaret/lock"), Path.of("pid-" + gone.pid()));
        assertThat(lazaret(Map.of(), "run").exit).isEqualTo(7);
    }

    private Outcome lazaret(Map<String, String> environment, String... arguments) throws Exception {
        Process process = start(environment, arguments);
        int exit = process.waitFor();
        String out = Files.readString(folder.resolve("out"));
        return new Outcome(exit, out, Files.readString(folder.resolve("err")));
    }

    private Process start(Map<String, String> environment, String... arguments) throws IOException {
        var command = new java.util.ArrayList<>(List.of("sh", house.resolve("lazaret").toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).directory(folder.toFile())
                .redirectOutput(folder.resolve("out").toFile()).redirectError(folder.resolve("err").toFile());
        builder.environment().clear();
        builder.environment().put("PATH", folder.resolve("path") + ":/usr/bin:/bin");
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("LAZARET_JDKS", jdks.toString());
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** A JDK that repeats what it was told, writes the cache it is asked for, and exits with 7. */
    private static void jdk(Path home, String version) throws IOException {
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), """
                IMPLEMENTOR="none"
                JAVA_VERSION="%s"
                """.formatted(version));
        script(home.resolve("bin/javac"), "exit 1");
        script(home.resolve("bin/java"), """
                home=$(dirname "$(dirname "$0")")
                printf '%s:' "${home##*/}"
                for word; do
                    case $word in
                    -XX:AOTCacheOutput=*) [ -e "$home/untrainable" ] || echo cache >"${word#*=}" ;;
                    *' '*) printf ' [%s]' "$word" ;;
                    *) printf ' %s' "$word" ;;
                    esac
                done
                exit 7
                """);
    }

    private void maven(String does) throws IOException {
        script(house.resolve("mvnw"), "cd \"$(dirname \"$0\")\"\necho built >>../builds\n" + does + "\n");
    }

    private long builds() throws IOException {
        Path log = folder.resolve("builds");
        return Files.exists(log) ? Files.readAllLines(log).size() : 0;
    }

    /** As if edited a moment after the last build began. */
    private void change(String name) throws IOException {
        Files.setLastModifiedTime(house.resolve(name), FileTime.from(Instant.now().plusMillis(20)));
    }

    private static void script(Path file, String text) throws IOException {
        write(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
