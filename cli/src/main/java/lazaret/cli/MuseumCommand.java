// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;
import lazaret.cli.museum.Misfit;
import lazaret.cli.museum.Piece;
import lazaret.cli.museum.Planting;
import lazaret.cli.museum.Trial;
import lazaret.cli.museum.Trials;
import lazaret.cli.museum.Verdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lazaret museum}: plants historical bugs, one at a time, and looks whether the search finds them. */
@Command(name = "museum", mixinStandardHelpOptions = true, description = {
        "Plants historical bugs into a copy of the stack, one at a time, and explores a scenario with each,"
        + " then without."},
        footer = {"", "Exit codes: 0 every bug was found and nothing without it, 1 not so, 64 wrong input.",
                "", "Examples:", "  lazaret museum B40",
                "  lazaret museum --budget 10s --markdown > museum.md"})
final class MuseumCommand implements Callable<Integer> {
    private static final long LEAST_S = 20;

    @Parameters(arity = "0..*", paramLabel = "BUG", description = "B40 …; without one, all of museum/.")
    private List<String> ids = List.of();

    @Option(names = "--budget", paramLabel = "TIME", defaultValue = "60s", converter = Budget.Converter.class,
            description = "Explore no longer than that, each time. Default: ${DEFAULT-VALUE}. Without the "
                    + "bug: as long as it took to find it, and 20 s at least.")
    private Budget budget;

    @Option(names = "--dry-run", description = "Only see whether the bugs can be planted.")
    private boolean dry;

    @Option(names = "--markdown", description = "The table as Markdown.")
    private boolean markdown;

    @Option(names = "--json", description = "The same as data.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    private final Map<String, Trial> clean = new LinkedHashMap<>();

    @Override
    public Integer call() {
        Path home = home();
        try {
            var planting = new Planting(home);
            List<Piece> pieces = chosen(Piece.all(home));
            return dry ? plant(planting, pieces) : show(planting, pieces, home);
        } catch (Misfit misfit) {
            throw new Refusal(misfit.getMessage());
        }
    }

    private static Path home() {
        String home = System.getProperty("lazaret.home");
        if (home == null || !Files.isDirectory(Path.of(home, "museum"))) {
            throw new Refusal("the museum needs the sources; run ./lazaret of a checkout");
        }
        return Path.of(home);
    }

    private List<Piece> chosen(List<Piece> all) {
        for (String id : ids) {
            if (all.stream().noneMatch(piece -> piece.is(id))) {
                throw new Refusal("there is no " + id + " in the museum; there are "
                        + String.join(", ", all.stream().map(Piece::id).toList()));
            }
        }
        return ids.isEmpty() ? all
                : all.stream().filter(piece -> ids.stream().anyMatch(piece::is)).toList();
    }

    private int plant(Planting planting, List<Piece> pieces) {
        for (Piece piece : pieces) {
            inFolder(folder -> planting.plant(piece, folder));
        }
        spec.commandLine().getOut().println(pieces.size() + " bugs can be planted");
        return Exit.UPHELD;
    }

    private int show(Planting planting, List<Piece> pieces, Path home) {
        PrintWriter out = spec.commandLine().getOut();
        var trials = new Trials(Build.commit(), replays(home));
        List<Verdict> verdicts = new ArrayList<>();
        say(out, markdown ? Museum.markdownHead() : null);
        try (var words = LastWords.begin(trials::stop)) {
            for (int i = 0; i < pieces.size() && !words.wanted(); i++) {
                Piece piece = pieces.get(i);
                String place = "\r\033[K" + (i + 1) + " of " + pieces.size() + ": " + piece.scenario();
                inFolder(folder ->
                        look(piece, place, planting.plant(piece, folder), trials, words, verdicts));
            }
            progress("\r\033[K");
            String summary = Museum.summary(verdicts, pieces.size(), budget);
            say(out, json ? Museum.json(verdicts, budget) : markdown ? "\n" + summary : summary);
        }
        return verdicts.size() == pieces.size() && verdicts.stream().allMatch(Verdict::good) ? Exit.UPHELD
                : Exit.FINDING;
    }

    /** With the bug, then without; what was interrupted says nothing. */
    private void look(Piece piece, String place, Map<String, Path> classes, Trials trials, LastWords words,
            List<Verdict> verdicts) {
        try {
            progress(place + " with " + piece.id());
            Trial planted = trials.planted(piece, classes, budget.time());
            progress(place + " without " + piece.id());
            Trial without = words.wanted() ? planted : clean(piece, planted, trials);
            if (!words.wanted()) {
                verdicts.add(new Verdict(piece, planted, without));
                tell(verdicts.getLast(), classes, trials);
            }
        } catch (Misfit misfit) {
            if (!words.wanted()) {
                throw misfit;
            }
        }
    }

    private void tell(Verdict verdict, Map<String, Path> classes, Trials trials) {
        progress("\r\033[K");
        say(spec.commandLine().getOut(), json ? null : markdown ? Museum.markdown(verdict)
                : Museum.line(verdict));
        if (ids.size() == 1 && !json && !markdown && verdict.planted().found()) {
            trials.show(verdict.piece(), classes);
        }
    }

    /** Searches as long as the bug took to find, and some seconds at least; once for all such pieces. */
    private Trial clean(Piece piece, Trial planted, Trials trials) {
        long seconds = Math.min(budget.time().toSeconds(), Math.max(LEAST_S, (long) planted.seconds() + 1));
        return clean.compute(piece.scenario() + " " + piece.design(),
                (_, known) -> known != null && (known.complete() || known.seconds() >= seconds) ? known
                        : trials.clean(piece, Duration.ofSeconds(seconds)));
    }

    private static void say(PrintWriter out, String line) {
        if (line != null) {
            out.println(line);
            out.flush();
        }
    }

    private static void progress(String line) {
        if (Console.terminal()) {
            System.err.print(line);
        }
    }

    private static Path replays(Path home) {
        try {
            return Files.createDirectories(home.resolve(".lazaret/museum"));
        } catch (IOException e) {
            throw new Refusal("cannot write in " + home + " (" + e.getMessage() + ")");
        }
    }

    /** A folder for as long as {@code use} takes. */
    private static void inFolder(Consumer<Path> use) {
        try {
            Path folder = Files.createTempDirectory("lazaret-museum");
            try {
                use.accept(folder);
            } finally {
                try (Stream<Path> left = Files.walk(folder)) {
                    for (Path path : left.sorted((a, b) -> b.compareTo(a)).toList()) {
                        Files.delete(path);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
