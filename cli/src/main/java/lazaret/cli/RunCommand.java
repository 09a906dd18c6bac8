// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import lazaret.iommu.arm.SmmuDesign;
import lazaret.iommu.design.Designs;
import lazaret.lab.Counterexample;
import lazaret.lab.Explained;
import lazaret.lab.Hunt;
import lazaret.lab.Plan;
import lazaret.lab.Report;
import lazaret.lab.Stage;
import lazaret.lab.scenario.Scenarios;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lazaret run}: a scenario under a design, many schedules, the clearest finding. */
@Command(name = "run", mixinStandardHelpOptions = true, description = {
        "Runs a scenario under a design: once straight, then under random schedules.",
        "Shows the clearest finding as swimlanes and writes a replay file.",
        "With --machine qemu the SMMU is QEMU's: for scenarios that need no ATS, which it has not."},
        footer = {"", "Exit codes: 0 no property broke in these runs, 1 finding, 2 inconclusive,",
                "64 wrong input.", "", "Examples:",
                "  lazaret run flush-returns-ok-after-atc-timeout --design mainline",
                "  lazaret run MyScenario.java --runs 2000 --seed 7 --html story.html",
                "  lazaret run unmap-races-with-attach --machine qemu --runs 10"})
final class RunCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "SCENARIO", defaultValue = Scenarios.FLAGSHIP,
            description = "A name from lazaret list, or a file MyScenario.java. Default: ${DEFAULT-VALUE}.")
    private String scenario;

    @Option(names = "--design", paramLabel = "DESIGN",
            description = "The containment design; lazaret list shows them.")
    private String design;

    /** Whose SMMU the stack runs on. */
    private enum OnMachine { MODEL, QEMU }

    @Option(names = "--machine", paramLabel = "MACHINE", defaultValue = "MODEL",
            description = "Whose SMMU: model (ours) or qemu. Default: model.")
    private OnMachine machine;

    @Option(names = "--qemu", paramLabel = "BINARY", defaultValue = "qemu-system-aarch64",
            description = "With --machine qemu, which. Default: ${DEFAULT-VALUE}.")
    private Path qemu;

    @Option(names = "--runs", paramLabel = "N", defaultValue = "100",
            description = "Schedules to try. Default: ${DEFAULT-VALUE}.")
    private int runs;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "1",
            description = "Seed of all schedules. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--schedule", paramLabel = "NAMES", defaultValue = Schedules.USUAL,
            converter = Schedules.Converter.class,
            description = "What runs are made by after the first, in turn. Default: ${DEFAULT-VALUE}. "
                    + Schedules.HELP)
    private Schedules schedules;

    @Option(names = "--store-buffer",
            description = "Stores of a CPU may reach memory and devices late and in another order.")
    private boolean buffered;

    @Option(names = "--replay-file", paramLabel = "FILE",
            description = "Where to write the replay of a finding. Default: SCENARIO-DESIGN-PROPERTY.replay "
                    + "here, and PROPERTY-raw with --raw.")
    private Path replayFile;

    @Option(names = "--raw", description = "Show the finding as it was found, not the plainest run for it.")
    private boolean raw;

    @Option(names = "--interactive",
            description = "Take one run by hand: a line of input for each decision.")
    private boolean interactive;

    @Mixin
    private Exports exports;

    @Option(names = "--json", description = "The same as data.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (runs < 1) {
            throw new Refusal("--runs must be at least 1, not " + runs);
        }
        SmmuDesign chosen = design == null ? Designs.standard() : Lookup.design(design);
        Sourced source = Lookup.scenario(scenario, buffered);
        if (machine == OnMachine.QEMU) {
            return onQemu(source, chosen);
        }
        Stage stage = source.stage(chosen);
        if (interactive) {
            return new Interactive(stage, Console.input(), spec.commandLine().getOut()).run();
        }
        Report report = Hunt.hunt(stage, Plan.hunt(runs, seed, schedules.all()), Console.progress(runs));
        PrintWriter out = spec.commandLine().getOut();
        if (report.finding() == null) {
            out.print(json ? Json.report(report) + System.lineSeparator()
                    : Text.report(report, Console.ink()));
        } else {
            show(out, report, source, stage);
        }
        return switch (report.outcome()) {
            case UPHELD -> Exit.UPHELD;
            case FINDING -> Exit.FINDING;
            case INCONCLUSIVE -> Exit.INCONCLUSIVE;
        };
    }

    private int onQemu(Sourced source, SmmuDesign chosen) {
        if (interactive || json || exports.any()) {
            throw new Refusal("--interactive, --json and files of a finding are for --machine model");
        }
        var plan = Plan.hunt(runs, seed, schedules.all());
        return new OnQemu(qemu, source, chosen, plan).run(spec.commandLine().getOut());
    }

    private void show(PrintWriter out, Report report, Sourced source, Stage stage) {
        Counterexample example = raw ? Counterexample.raw(stage, report.finding())
                : Counterexample.plainest(stage, report.finding());
        Explained explained = Explained.of(stage, example);
        String line = Replays.line(example, source, report.design()).text();
        Path replay = Replays.save(replayFile, explained, source, report.design());
        if (json) {
            exports.write(null, stage, explained, line);
            out.println(Json.report(report, explained, line, replay.toString()));
        } else {
            out.print(Text.finding(report, explained, line, Console.ink()));
            exports.write(out, stage, explained, line);
            out.println("replay file: " + replay);
            out.println("reproduce: lazaret replay " + replay);
        }
    }
}
