// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import lazaret.iommu.arm.SmmuDesign;
import lazaret.lab.Scenario;
import lazaret.lab.compare.Comparison;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lazaret compare}: designs side by side. */
@Command(name = "compare", mixinStandardHelpOptions = true, description = {
        "Runs scenarios under rival designs and shows side by side what breaks, and what it costs.",
        "Samples each scenario under each design, then explores it as far as its share of the budget goes."})
final class CompareCommand implements Callable<Integer> {
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
        List<Scenario> pack = Lookup.pack(scenarios);
        var shares = new Shares(budget);
        Comparison comparison = Comparison.of(rows, pack, shares);
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

    private static void write(Path file, String page) {
        try {
            Files.writeString(file, page);
        } catch (IOException e) {
            throw new Refusal("cannot write the page " + file + " (" + e.getMessage() + ")");
        }
    }
}
