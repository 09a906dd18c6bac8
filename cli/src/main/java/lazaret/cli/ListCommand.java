// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.util.concurrent.Callable;
import lazaret.iommu.design.Designs;
import lazaret.lab.scenario.Exhibit;
import lazaret.lab.scenario.Scenarios;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lazaret list}: scenarios and designs, a line each. */
@Command(name = "list", mixinStandardHelpOptions = true,
        description = "Scenarios and designs with one line each.",
        footer = {"", "Exit codes: 0 shown, 64 wrong input.", "", "Examples:", "  lazaret list --planted",
                "  lazaret list --json"})
final class ListCommand implements Callable<Integer> {
    @Option(names = "--planted", description = "Designs with a bug planted on purpose, and where each shows.")
    private boolean planted;

    @Option(names = "--json", description = "The same as data.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.list(Scenarios.all(), planted ? Lookup.designs() : Designs.all()));
            return Exit.UPHELD;
        }
        if (planted) {
            Exhibit.all().forEach(e -> out.println(Text.entry(
                    "lazaret explore " + e.scenario().name() + " --design " + e.bug().name(),
                    e.bug().inOneLine())));
            return Exit.UPHELD;
        }
        out.println("Scenarios (lazaret run NAME):");
        Scenarios.all().forEach(s -> out.println(Text.entry(s.name(), s.line())));
        out.println();
        out.println("Designs (lazaret run NAME --design DESIGN):");
        String standard = Designs.standard().name();
        Designs.all().forEach(d -> out.println(Text.entry(
                d.name().equals(standard) ? d.name() + " (default)" : d.name(), d.inOneLine())));
        return Exit.UPHELD;
    }
}
