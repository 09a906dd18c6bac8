// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An exploration that was ended goes on where it was, in another process too. */
class ResumeTest {
    private static final String SETTINGS = "two locks, 3 rounds";
    private static final int EVERY = 20;

    /** Explores and writes down what it has, until somebody kills it. */
    static final class Child {
        public static void main(String[] args) {
            int[] saved = {0};
            BooleanSupplier due = every();
            explore(new Checkpoint(Path.of(args[0]), SETTINGS, () -> {
                while (saved[0] == 2) {
                    Thread.onSpinWait();        // now it may be killed
                }
                boolean now = due.getAsBoolean();
                saved[0] += now ? 1 : 0;
                return now;
            }, false), 1);
        }
    }

    @TempDir
    private Path folder;

    @Test
    void what_a_killed_process_had_written_down_is_gone_on_with() throws IOException, InterruptedException {
        Path file = folder.resolve("checkpoint");
        Process child = start(file);
        while (!Files.exists(file) && child.isAlive()) {
            Thread.onSpinWait();
        }
        child.destroyForcibly().waitFor();
        assertThat(file).exists();

        same(explore(new Checkpoint(file, SETTINGS, () -> false, true), 1), explore(null, 1));
        assertThat(file).doesNotExist();
    }

    @Test
    void writing_down_makes_no_difference() {
        Path file = folder.resolve("checkpoint");

        same(explore(new Checkpoint(file, SETTINGS, every(), false), 1), explore(null, 1));
        same(explore(new Checkpoint(file, SETTINGS, every(), false), 2), explore(null, 1));
    }

    @Test
    void other_settings_are_refused() {
        Path file = folder.resolve("checkpoint");
        stopped(file);

        assertThatThrownBy(() -> explore(new Checkpoint(file, "others", () -> false, true), 1))
                .isInstanceOf(Checkpoint.Unusable.class).hasMessageContaining("other settings");
    }

    @Test
    void a_file_that_is_none_or_was_changed_anywhere_is_refused() throws IOException {
        Path file = folder.resolve("checkpoint");
        refused(file, "there is no such file");
        for (String other : List.of("", "x", "something else that is longer than the name of a form")) {
            Files.writeString(file, other);
            refused(file, "is no checkpoint");
        }
        stopped(file);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
        refused(file, "was truncated or changed");
        for (int at = 30; at < whole.length; at += whole.length / 50) {
            byte[] changed = whole.clone();
            changed[at] ^= 1;
            Files.write(file, changed);
            refused(file, "was truncated or changed");
        }
    }

    @Test
    void where_nothing_can_be_written_is_said_before_anything_is_explored() {
        for (Path file : List.of(folder, folder.resolve("none").resolve("checkpoint"))) {
            assertThatThrownBy(() -> explore(new Checkpoint(file, SETTINGS, () -> {
                throw new AssertionError("explored");
            }, false), 1)).isInstanceOf(Checkpoint.Unusable.class)
                    .hasMessageContaining("cannot write the checkpoint " + file);
        }
    }

    private static void refused(Path file, String why) {
        assertThatThrownBy(() -> explore(new Checkpoint(file, SETTINGS, () -> false, true), 1))
                .isInstanceOf(Checkpoint.Unusable.class).hasMessageContaining(why);
    }

    @Test
    void one_that_was_told_to_stop_can_go_on_with_more_workers() {
        Path file = folder.resolve("checkpoint");
        stopped(file);

        same(explore(new Checkpoint(file, SETTINGS, () -> false, true), 2), explore(null, 1));
    }

    private static void stopped(Path file) {
        Explored some = Explorer.of(() -> program().program()).keeping(new Checkpoint(file, SETTINGS,
                () -> false, false)).until((runs, states, found) -> states > 500).explore();
        assertThat(some.complete()).isFalse();
    }

    private static void same(Explored resumed, Explored straight) {
        assertThat(resumed.complete()).isTrue();
        assertThat(resumed.endStates()).isEqualTo(straight.endStates());
        assertThat(resumed.endings().keySet()).isEqualTo(straight.endings().keySet());
        assertThat(resumed.found().stream().map(Found::kind))
                .isEqualTo(straight.found().stream().map(Found::kind).toList());
    }

    private static BooleanSupplier every() {
        int[] runs = {0};
        return () -> ++runs[0] % EVERY == 0;
    }

    private static Toy program() {
        return new Toy.Named("", m -> new TwoLocks(m, 3)).wire();
    }

    private static Explored explore(Checkpoint checkpoint, int workers) {
        return Explorer.of(() -> program().program()).keeping(checkpoint).workers(workers).explore();
    }

    private static Process start(Path file) throws IOException {
        String classes = Stream.of("target/classes", "target/test-classes", "../machine/target/classes")
                .map(path -> Path.of(path).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED", "-cp", classes,
                Child.class.getName(), file.toString())
                .redirectErrorStream(true).redirectOutput(Redirect.DISCARD).start();
    }
}
