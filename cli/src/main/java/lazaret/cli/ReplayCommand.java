// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import lazaret.explore.Course;
import lazaret.explore.Exact;
import lazaret.explore.ReplayLine;
import lazaret.explore.Replayer;
import lazaret.lab.Constraint;
import lazaret.lab.Constraints;
import lazaret.lab.Counterexample;
import lazaret.lab.Explained;
import lazaret.lab.Plan;
import lazaret.lab.Report;
import lazaret.lab.Sameness;
import lazaret.lab.Stage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code lazaret replay}: takes the decisions of a finding again. In the build that found it by the number of
 * each choice, which gives the same steps; in another one by the progress of the strands, which gives the
 * same finding as long as they still do these things; and if that fails by a search for a run that keeps to
 * the order of events that the finding needs.
 */
@Command(name = "replay", mixinStandardHelpOptions = true,
        description = "Repeats the run of a replay line or file, step by step, and shows it again.",
        footer = {"", "Exit codes: 1 it shows the finding again, 64 it does not or cannot be used.", "",
                "Examples:", "  lazaret replay flush-returns-ok-after-atc-timeout-mainline-P1.replay",
                "  lazaret replay lz1:2s7R8Zhy-kpkQbmy473zH2gBey1-6A --json"})
final class ReplayCommand implements Callable<Integer> {
    /** A run that was repeated. */
    private record Repeated(Sourced source, Stage stage, Counterexample example, String layer) { }

    private static final int TRIES = 500;

    @Parameters(paramLabel = "LINE|FILE", description = "What lazaret run printed or wrote.")
    private String replay;

    @Option(names = "--scenario", paramLabel = "FILE",
            description = "The scenario of a replay line, if it is one of your own.")
    private String scenario;

    @Mixin
    private Exports exports;

    @Option(names = "--json", description = "The same as data.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Repeated repeated = replay.startsWith(ReplayLine.PREFIX) ? line() : file(Path.of(replay));
        Counterexample example = repeated.example();
        Stage stage = repeated.stage();
        Report report = stage.report(example.finding());
        String line = Replays.line(example, repeated.source(), stage.design().name()).text();
        Explained explained = Explained.of(stage, example);
        PrintWriter out = spec.commandLine().getOut();
        out.print(json
                ? Json.report(report, explained, line, replay) + System.lineSeparator()
                : Text.replayed(report, explained, line, repeated.layer(), Console.ink()));
        exports.write(json ? null : out, stage, explained, line);
        return Exit.FINDING;
    }

    private Repeated line() {
        ReplayLine line = Replays.line(replay);
        Sourced source = Replays.source(line, scenario);
        Stage stage = source.stage(Replays.design(line));
        Sameness what = shown(stage, line);
        Counterexample example = Counterexample.of(stage, what, new Exact(line.turns()), "a replay line")
                .orElseThrow(() -> new Refusal("the line does not show what it says; find it again with "
                        + "lazaret run"));
        return new Repeated(source, stage, example, "exact");
    }

    /** The line has only a hash of its finding: the first violation that it fits is the one. */
    private static Sameness shown(Stage stage, ReplayLine line) {
        try {
            return stage.run(new Exact(line.turns()), Plan.STEPS).violations().stream().map(Sameness::of)
                    .filter(s -> ReplayLine.hash(s.text()) == line.finding()).findFirst()
                    .orElseThrow(() -> new Refusal("the line shows no finding; find it again with "
                            + "lazaret run"));
        } catch (Replayer.Diverged diverged) {
            throw new Refusal("the line does not fit: " + diverged.getMessage());
        }
    }

    private Repeated file(Path path) {
        Replays.Recorded recorded = Replays.read(path);
        Stage stage = recorded.source().stage(Lookup.design(recorded.design()));
        return recorded.stranger() == null ? exact(path, recorded, stage) : anchored(path, recorded, stage);
    }

    private static Repeated exact(Path path, Replays.Recorded recorded, Stage stage) {
        Counterexample example;
        try {
            example = Counterexample.of(stage, recorded.what(), new Exact(recorded.file().exact().turns()),
                    recorded.origin()).orElse(null);
        } catch (Replayer.Diverged diverged) {
            throw new Refusal(path + " does not fit: " + diverged.getMessage()
                    + "; make it again with lazaret run");
        }
        if (example == null || example.finding().digest() != recorded.digest()) {
            throw new Refusal(path + " is damaged: it leads to another run than the recorded one; make it "
                    + "again with lazaret run");
        }
        return new Repeated(recorded.source(), stage, example, "exact");
    }

    private static Repeated anchored(Path path, Replays.Recorded recorded, Stage stage) {
        var course = new Course(recorded.file().departures());
        return Counterexample.of(stage, recorded.what(), course, recorded.origin())
                .map(example -> new Repeated(recorded.source(), stage, example,
                        "anchored: " + recorded.stranger()))
                .orElseGet(() -> constrained(path, recorded, stage));
    }

    private static Repeated constrained(Path path, Replays.Recorded recorded, Stage stage) {
        Counterexample example = Constraints.search(stage, recorded.what(), constraints(path, recorded),
                TRIES).orElseThrow(() -> new Refusal(path + " is " + recorded.stranger() + ", and here none "
                        + "of " + TRIES + " runs that keep to its order shows " + recorded.what().text()
                        + "; check that commit out and replay it there"));
        return new Repeated(recorded.source(), stage, example, "constraints: " + recorded.stranger());
    }

    private static List<Constraint> constraints(Path path, Replays.Recorded recorded) {
        try {
            return recorded.file().constraints().stream().map(Constraint::parse).toList();
        } catch (IllegalArgumentException malformed) {
            throw new Refusal(path + " is damaged: " + malformed.getMessage());
        }
    }
}
