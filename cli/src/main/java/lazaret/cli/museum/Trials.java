// SPDX-License-Identifier: Apache-2.0
package lazaret.cli.museum;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Explores as a user would, in a process like this one, with classes of a piece instead of Lazaret's own.
 * {@link #stop} may be called from another thread.
 */
public final class Trials {
    /** As the launcher has them. */
    private static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-XX:-UsePerfData",
            "-Xlog:disable", "-Xlog:all=error:stderr",
            "--add-exports=java.base/jdk.internal.vm=lazaret.explore");

    private final String commit;
    private final Path replays;
    private volatile Process running;       // the last one that was started, or null

    /**
     * @param commit  which build this is
     * @param replays the folder where counterexamples go
     */
    public Trials(String commit, Path replays) {
        this.commit = commit;
        this.replays = replays;
    }

    /** The scenario of {@code piece} with the bug in it, of which {@code classes} are made. */
    public Trial planted(Piece piece, Map<String, Path> classes, Duration budget) {
        return explore(piece, classes, commit + "+" + piece.id(), replay(piece), budget);
    }

    /** The same search without the bug. */
    public Trial clean(Piece piece, Duration budget) {
        return explore(piece, Map.of(), commit, replays.resolve(piece.scenario() + "-clean.replay"), budget);
    }

    /** Ends what is being explored: it tells how far it came. */
    public void stop() {
        Process process = running;
        if (process != null) {
            process.destroy();
        }
    }

    /** Shows the counterexample of {@code piece} on standard output. */
    public void show(Piece piece, Map<String, Path> classes) {
        List<String> command = lazaret(classes, commit + "+" + piece.id());
        command.addAll(List.of("replay", replay(piece).toString()));
        try {
            new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
        }
    }

    private Path replay(Piece piece) {
        return replays.resolve(piece.id() + ".replay");
    }

    private Trial explore(Piece piece, Map<String, Path> classes, String build, Path replay,
            Duration budget) {
        List<String> command = lazaret(classes, build);
        command.addAll(List.of("explore", piece.scenario(), "--json", "--timed",
                "--budget", budget.toSeconds() + "s", "--replay-file", replay.toString()));
        if (piece.design() != null) {
            command.addAll(List.of("--design", piece.design()));
        }
        return tried(piece, command);
    }

    private static List<String> lazaret(Map<String, Path> classes, String build) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        classes.forEach((module, folder) -> command.addAll(List.of("--patch-module", module + "=" + folder)));
        command.addAll(List.of("-Dlazaret.commit=" + build, "-p", System.getProperty("jdk.module.path"),
                "-m", "lazaret.cli/lazaret.cli.Main"));
        return command;
    }

    private Trial tried(Piece piece, List<String> command) {
        long begin = System.nanoTime();
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start();
            running = process;
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (said.isBlank()) {
                throw new Misfit(piece.id() + ": it could not be explored (exit code " + code + ")");
            }
            return Trial.of(said, (System.nanoTime() - begin) / 1e9);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
            throw new Misfit(piece.id() + ": interrupted");
        }
    }
}
