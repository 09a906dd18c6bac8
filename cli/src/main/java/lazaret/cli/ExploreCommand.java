// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import lazaret.explore.Checkpoint;
import lazaret.iommu.arm.SmmuDesign;
import lazaret.iommu.design.Designs;
import lazaret.lab.Counterexample;
import lazaret.lab.Explained;
import lazaret.lab.Exploration;
import lazaret.lab.Finding;
import lazaret.lab.Stage;
import lazaret.lab.oracle.Property;
import lazaret.lab.scenario.Scenarios;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lazaret explore}: a scenario under a design, every run of it. */
@Command(name = "explore", mixinStandardHelpOptions = true, description = {
        "Explores every run of a scenario under a design: interleavings, hardware choices, faults.",
        "Ends at the first finding, when everything was explored, or when the budget is used up. What does",
        "not come to the end at once is first sampled, for a quarter of the budget at most; the last quarter",
        "goes to all runs with 0, 1, 2 ... preemptions. Not so when a checkpoint is kept."},
        footer = {"", "Exit codes: 0 explored to the end without a finding, 1 finding, 2 inconclusive: not",
                "all runs were made, as with --bound, or could be judged; 64 wrong input.", "", "Examples:",
                "  lazaret explore attach-stores-over-fence --design minimumY --property P1",
                "  lazaret explore error-handled-by-interrupt --budget 2h --checkpoint night.ckpt"})
final class ExploreCommand implements Callable<Integer> {
    private static final int MOST = 64;

    @Parameters(arity = "0..1", paramLabel = "SCENARIO", defaultValue = Scenarios.FLAGSHIP,
            description = "A name from lazaret list, or a file MyScenario.java. Default: ${DEFAULT-VALUE}.")
    private String scenario;

    @Option(names = "--design", paramLabel = "DESIGN",
            description = "The containment design; lazaret list shows them.")
    private String design;

    @Option(names = "--property", paramLabel = "P",
            description = "Look at this property only; without it, at all but P13.")
    private Property property;

    @Option(names = "--engine", paramLabel = "ENGINE", defaultValue = "CACHE",
            description = "CACHE: every state once. DPOR: every class of runs that differ in the order of "
                    + "independent steps. NAIVE: every run. BOUND: runs with few "
                    + "preemptions. SAMPLE: runs by --schedule, until the budget ends. "
                    + "Default: ${DEFAULT-VALUE}.")
    private Engine engine;

    @Option(names = "--schedule", paramLabel = "NAMES", defaultValue = Schedules.USUAL,
            converter = Schedules.Converter.class,
            description = "What samples are made by, in turn. Default: ${DEFAULT-VALUE}. " + Schedules.HELP)
    private Schedules schedules;

    @Option(names = "--bound", paramLabel = "N",
            description = "Only runs with at most N preemptions, to the end: switches to other software, an "
                    + "interrupt too, while the one that stepped last could go on. Implies --engine BOUND.")
    private Integer bound;

    @Option(names = "--budget", paramLabel = "TIME", defaultValue = "10m", converter = Budget.Converter.class,
            description = "Stop after that long: 30s, 10m, 2h. Default: ${DEFAULT-VALUE}.")
    private Budget budget;

    @Option(names = "--from-incident", paramLabel = "LOG", description =
            "Take the scenario that comes nearest to what a kernel log tells; says what was assumed.")
    private Path incident;

    @Option(names = "--workers", paramLabel = "N", defaultValue = "1",
            description = "So many searches at once, on one set of states; engine CACHE only. What is found "
                    + "is the same, how many runs it takes is not. Default: ${DEFAULT-VALUE}.")
    private int workers;

    @Option(names = "--checkpoint", paramLabel = "FILE",
            description = "Write down every ten seconds what is done and what is left: see --resume. "
                    + "The file goes when everything is explored.")
    private Path checkpoint;

    @Option(names = "--resume", paramLabel = "FILE",
            description = "Go on with what an exploration of the same scenario, design, property and build "
                    + "has written down, and write on.")
    private Path resumed;

    @Option(names = "--all", description = "Go on after a finding, to the end.")
    private boolean all;

    @Option(names = "--store-buffer",
            description = "Stores of a CPU may reach memory and devices late and in another order.")
    private boolean buffered;

    @Option(names = "--replay-file", paramLabel = "FILE",
            description = "Where to write the replay of a finding. Default: SCENARIO-DESIGN-PROPERTY.replay "
                    + "here.")
    private Path replayFile;

    @Mixin
    private Exports exports;

    @Option(names = "--json", description = "The same as data.")
    private boolean json;

    @Option(names = "--timed", description = "With --json: say how long the search took, the start of the "
            + "JVM included. All else in there is the same whenever it is run.")
    private boolean timed;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (property == Property.P13) {
            throw new Refusal("explore does not judge P13 yet; lazaret run does");
        }
        if (timed && !json) {
            throw new Refusal("--timed adds to --json; without it the time is there anyway");
        }
        if (bound != null) {
            refuseBound();
            engine = Engine.BOUND;
        }
        if (workers < 1 || workers > MOST || workers > 1 && engine != Engine.CACHE) {
            throw new Refusal("--workers is a number from 1 to " + MOST
                    + ", and 1 unless the engine is CACHE");
        }
        if (kept() != null && (engine != Engine.CACHE || checkpoint != null && resumed != null)) {
            throw new Refusal("one of --checkpoint and --resume, and only with the engine CACHE");
        }
        SmmuDesign chosen = design == null ? Designs.standard() : Lookup.design(design);
        Sourced source = Lookup.scenario(incident == null ? scenario : fromIncident(), buffered);
        try (var patience = Patience.of(budget, all)) {
            boolean one = engine != Engine.CACHE || kept() != null;
            var order = new Exploration.Order(engine.method(), bound, workers,
                    checkpoint(source, chosen, patience), property, schedules.all(),
                    patience.eighths(1), patience.eighths(3), one ? patience : patience.eighths(6), patience);
            Exploration exploration = Exploration.of(() -> source.stage(chosen), order);
            show(exploration, source, chosen, patience.took(), timed ? patience.seconds() : 0);
            return switch (exploration.outcome()) {
                case UPHELD -> Exit.UPHELD;
                case FINDING -> Exit.FINDING;
                case INCONCLUSIVE -> Exit.INCONCLUSIVE;
            };
        } catch (Checkpoint.Unusable unusable) {
            throw new Refusal(unusable.getMessage());
        }
    }

    private void refuseBound() {
        if (bound < 0 || engine != Engine.CACHE && engine != Engine.BOUND) {
            throw new Refusal("--bound is a number from 0, and only for the engine BOUND");
        }
    }

    private String fromIncident() {
        FromIncident nearest = FromIncident.of(incident);
        if (!json) {
            PrintWriter out = spec.commandLine().getOut();
            out.println("nearest scenario: " + nearest.scenario());
            nearest.assumed().forEach(what -> out.println("  assumed: " + what));
            out.flush();
        }
        return nearest.scenario();
    }

    private Path kept() {
        return resumed == null ? checkpoint : resumed;
    }

    private Checkpoint checkpoint(Sourced source, SmmuDesign chosen, Patience patience) {
        String settings = source.identity() + ", " + chosen.name() + ", " + property + ", "
                + Build.VERSION + " " + Build.commit();
        return kept() == null ? null
                : new Checkpoint(kept().toAbsolutePath(), settings, patience::due, resumed != null);
    }

    private void show(Exploration exploration, Sourced source, SmmuDesign chosen, String took,
            double seconds) {
        PrintWriter out = spec.commandLine().getOut();
        if (exploration.findings().isEmpty()) {
            out.print(json ? Json.exploration(exploration, seconds, null, null, null) + System.lineSeparator()
                    : Text.exploration(exploration, null, null, took, Console.ink()));
            out.flush();
            return;
        }
        Finding found = exploration.findings().getFirst();
        Stage stage = source.stage(chosen);
        Counterexample example = Counterexample.plainest(stage, found);
        Explained explained = Explained.of(stage, example);
        String line = Replays.line(example, source, exploration.design()).text();
        Path replay = Replays.save(replayFile, explained, source, exploration.design());
        if (json) {
            exports.write(null, stage, explained, line);
            out.println(Json.exploration(exploration, seconds, explained, line, replay.toString()));
        } else {
            out.print(Text.exploration(exploration, explained, line, took, Console.ink()));
            exports.write(out, stage, explained, line);
            out.println("replay file: " + replay);
            out.println("reproduce: lazaret replay " + replay);
        }
        out.flush();
    }
}
