// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import lazaret.inspect.Comparison;
import lazaret.inspect.Query;
import lazaret.inspect.Recording;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lazaret inspect walk DIR --tuples FILE}: does the walk say what the machine did? */
@Command(name = "walk", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Puts accesses to recorded tables: does the same come of them as on the machine?",
        footer = {"", "Exit codes: 0 all match, 1 mismatches, 2 not modelled, 64 unusable file.", "",
                "Examples:",
                "  lazaret inspect walk recordings/k73-s1-4k --tuples accesses.jsonl",
                "  lazaret inspect walk mydump --tuples mine.jsonl --show 50"})
final class InspectWalkCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR",
            description = "meta.json with registers and page addresses, pages.bin with the pages.")
    private Path recording;

    @Option(names = "--tuples", required = true, paramLabel = "FILE", description = {
            "One JSON object a line: sid, iova, acc (R or W), and pa or event,", "perhaps ssid."})
    private Path tuples;

    @Option(names = "--show", paramLabel = "N", defaultValue = "10",
            description = "How many mismatches to show with every descriptor; ${DEFAULT-VALUE} without this.")
    private int show;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (show < 0) {
            throw new Refusal("--show " + show + ": expected 0 or more");
        }
        Comparison result = Comparison.of(Recording.open(recording), Query.read(tuples));
        var out = spec.commandLine().getOut();
        print(result.mismatches());
        print(result.unmodelled());
        out.println(counts(result));
        if (!result.mismatches().isEmpty()) {
            return Exit.FINDING;
        }
        return result.unmodelled().isEmpty() ? Exit.UPHELD : Exit.INCONCLUSIVE;
    }

    private void print(List<Comparison.Mismatch> those) {
        var out = spec.commandLine().getOut();
        for (Comparison.Mismatch one : those.subList(0, Math.min(show, those.size()))) {
            out.println(tuples + ":" + one.query().line() + ": " + one.query().text());
            out.println("  expected " + one.query().expected() + ", came to " + one.trail().end());
            one.trail().steps().forEach(step -> out.println("    " + step));
        }
        if (those.size() > show) {
            out.println("… and " + (those.size() - show) + " more");
        }
    }

    private static String counts(Comparison result) {
        String unmodelled = result.unmodelled().isEmpty() ? ""
                : ", " + result.unmodelled().size() + " not modelled";
        int mismatches = result.mismatches().size();
        return result.matches() + " match, " + mismatches + (mismatches == 1 ? " mismatch" : " mismatches")
                + unmodelled;
    }
}
