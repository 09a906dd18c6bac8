// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import lazaret.iommu.arm.SmmuDesign;
import lazaret.iommu.design.Designs;
import lazaret.lab.FailNth;
import lazaret.lab.Plan;
import lazaret.lab.Report;
import lazaret.lab.Report.Outcome;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lazaret fail-nth}: every call that could fail does once, in every scenario. */
@Command(name = "fail-nth", mixinStandardHelpOptions = true, description = {
        "Lets every allocation and every callback of a driver fail once, in every scenario: the first that",
        "could fail in some runs, then the second, until there is none left."},
        footer = {"", "Exit codes: 0 no property broke that the scenario does not name, 1 finding,",
                "2 inconclusive, 64 wrong input.", "", "Examples:", "  lazaret fail-nth",
                "  lazaret fail-nth rmmod-flr-insmod-restores --design v4 --runs 200"})
final class FailNthCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "SCENARIO",
            description = "Names from lazaret list. Default: all but " + Lookup.LONG + ".")
    private List<String> scenarios = List.of();

    @Option(names = "--design", paramLabel = "DESIGN",
            description = "The containment design; lazaret list shows them.")
    private String design;

    @Option(names = "--runs", paramLabel = "N", defaultValue = "20",
            description = "Schedules to try for each call. Default: ${DEFAULT-VALUE}.")
    private int runs;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "1",
            description = "Seed of all schedules. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (runs < 1) {
            throw new Refusal("--runs must be at least 1, not " + runs);
        }
        SmmuDesign chosen = design == null ? Designs.standard() : Lookup.design(design);
        PrintWriter out = spec.commandLine().getOut();
        List<Outcome> outcomes = new ArrayList<>();
        for (Sourced source : Lookup.pack(scenarios)) {
            List<Report> reports = FailNth.each(source.scenario(), chosen, Plan.hunt(runs, seed));
            out.printf("%-42s %s%n", source.scenario().name(), summary(reports));
            reports.stream().filter(FailNthCommand::surprises).forEach(report -> {
                tell(out, report);
                outcomes.add(report.outcome());
            });
            out.flush();
        }
        return outcomes.contains(Outcome.FINDING) ? Exit.FINDING
                : outcomes.contains(Outcome.INCONCLUSIVE) ? Exit.INCONCLUSIVE : Exit.UPHELD;
    }

    private static String summary(List<Report> reports) {
        if (reports.isEmpty()) {
            return "no call can fail";
        }
        long surprising = reports.stream().filter(FailNthCommand::surprises).count();
        long expected = reports.stream().filter(Report::expected).count();
        return reports.size() + (reports.size() == 1 ? " call can fail: " : " calls can fail: ")
                + (surprising == 0 ? "upheld" : surprising + " break a property")
                + (expected == 0 ? "" : "; " + expected + " as the scenario says");
    }

    /** Beyond what the scenario calls out of reach. */
    private static boolean surprises(Report report) {
        return report.outcome() != Outcome.UPHELD && !report.expected();
    }

    private void tell(PrintWriter out, Report report) {
        out.println("    " + (report.finding() == null ? String.join("; ", report.unknowns())
                : report.finding().violation().headline()));
        out.println("      lazaret run " + report.scenario() + (design == null ? "" : " --design " + design)
                + " --runs " + runs + " --seed " + seed);
    }
}
