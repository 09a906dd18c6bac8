// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import lazaret.iommu.arm.SmmuDesign;
import lazaret.lab.Explained;
import lazaret.lab.compare.Comparison;
import lazaret.lab.compare.Verdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lazaret compare}: designs side by side. */
@Command(name = "compare", mixinStandardHelpOptions = true, description = {
        "Runs scenarios under rival designs and shows side by side what breaks, and what it costs.",
        "Samples each scenario under each design, then explores it as far as its share of the budget goes."},
        footer = {"", "Exit codes: 0 compared, whatever was found; 64 wrong input.", "", "Examples:",
                "  lazaret compare --markdown --replays findings > thread.md",
                "  lazaret compare attach-stores-over-fence --design v4 --design devIommu --budget 30s"})
final class CompareCommand implements Callable<Integer> {
    private static final int MOST = 64;

    @Parameters(arity = "0..*", paramLabel = "SCENARIO",
            description = "Names from lazaret list, or files MyScenario.java. Default: all but "
                    + Lookup.LONG + ".")
    private List<String> scenarios = List.of();

    @Option(names = "--design", paramLabel = "DESIGN", description = "A design, once for each row; also with"
            + " other answers, as minimumX,isolate=wholeBatch. Default: all, and variants of the default.")
    private List<String> designs = List.of();

    @Option(names = "--budget", paramLabel = "TIME", defaultValue = "8m", converter = Budget.Converter.class,
            description = "Search for that long: 30s, 8m, 2h. Default: ${DEFAULT-VALUE}.")
    private Budget budget;

    @Option(names = "--workers", paramLabel = "N",
            description = "So many searches at once. Default: as many as there are processors.")
    private int workers = Runtime.getRuntime().availableProcessors();

    @Option(names = "--replays", paramLabel = "DIR",
            description = "Write what breaks a property to SCENARIO-DESIGN-PROPERTY.replay there.")
    private Path replays;

    @Option(names = "--markdown", description = "The tables as Markdown.")
    private boolean markdown;

    @Option(names = "--html", paramLabel = "FILE", description = "Write the tables as a page besides.")
    private Path html;

    @Option(names = "--json", description = "The same as data.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<SmmuDesign> rows = designs.isEmpty() ? Lookup.compared()
                : designs.stream().map(Lookup::design).toList();
        if (workers < 1 || workers > MOST) {
            throw new Refusal("--workers is a number from 1 to " + MOST);
        }
        List<Sourced> pack = Lookup.pack(scenarios);
        if (replays != null) {
            make(replays);
        }
        Comparison comparison = compared(rows, pack);
        if (replays != null) {
            save(comparison, rows, pack);
        }
        var tables = new Tables(comparison, budget);
        if (html != null) {
            write(html, tables.html());
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(ComparisonJson.of(comparison));
        } else {
            out.print(markdown ? tables.markdown() : tables.text());
        }
        out.flush();
        return Exit.UPHELD;
    }

    private Comparison compared(List<SmmuDesign> rows, List<Sourced> pack) {
        try (var crew = new Crew(workers)) {
            return Comparison.of(rows, pack.stream().map(Sourced::scenario).toList(),
                    new Shares(budget, workers), crew);
        }
    }

    private static void make(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new Refusal("cannot make the directory " + directory + " (" + e.getMessage() + ")");
        }
    }

    private void save(Comparison comparison, List<SmmuDesign> rows, List<Sourced> pack) {
        for (int i = 0; i < rows.size(); i++) {
            SmmuDesign design = rows.get(i);
            comparison.rows().get(i).verdicts().stream().filter(Verdict::broken).forEach(v -> {
                Sourced source = pack.stream().filter(s -> s.scenario() == v.breaker())
                        .findFirst().orElseThrow();
                Path file = replays.resolve(Replays.name(v.example(), source, design.name()));
                Replays.save(file, Explained.of(source.stage(design), v.example()), source, design.name());
            });
        }
    }

    private static void write(Path file, String page) {
        try {
            Files.writeString(file, page);
        } catch (IOException e) {
            throw new Refusal("cannot write the page " + file + " (" + e.getMessage() + ")");
        }
    }
}
