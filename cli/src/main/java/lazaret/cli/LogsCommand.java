// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;
import lazaret.inspect.log.Incident;
import lazaret.inspect.log.Runbook;
import lazaret.inspect.log.Telling;
import lazaret.inspect.log.Triage;
import lazaret.inspect.log.Verdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lazaret logs}: what kernel logs say about IOMMUs and the devices behind them. Reads, never acts. */
@Command(name = "logs", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Reads kernel logs (dmesg, /dev/kmsg, syslog, journalctl -o json, Xen) and groups what they say "
                + "about",
        "SMMUv3, VT-d, AMD-Vi, AER, DPC, hot plug, resets and vfio into incidents, each with a verdict,",
        "the lines it rests on, and what the log does not say. Without FILE or with -, standard input.",
        "Reads files and nothing else; never acts on a machine."},
        footer = {"", "Verdicts: benign, safe, device gone, lost-flush possible, queue stopped,",
                "lost-flush certain.", "",
                "Exit codes: 0 benign or safe, 1 lost-flush certain or queue stopped,",
                "2 lost-flush possible or device gone, 64 unusable file.", "", "Examples:",
                "  dmesg | lazaret logs --explain", "  lazaret logs --json journal.json.gz syslog.1"})
final class LogsCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "FILE", description =
            "Logs, each told by itself; .gz is unpacked.")
    private List<Path> files = List.of();

    @Option(names = "--follow", description = "Go on when the file ends: a line for each piece of news.")
    private boolean follow;

    @Option(names = "--explain", description =
            "What a human can do now, and what each step does not guarantee.")
    private boolean explain;

    @Option(names = "--json", description = "The same as data.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    private final Map<Incident, Verdict> told = new IdentityHashMap<>();
    private Triage triage = new Triage();

    @Override
    public Integer call() throws IOException {
        if (files.isEmpty() || files.equals(List.of(Path.of("-")))) {
            triage.read("standard input", System.in, follow ? _ -> news() : _ -> { });
            return tell("standard input");
        }
        if (follow && files.size() > 1) {
            throw new Refusal("--follow: expected one file, not " + files.size());
        }
        int worst = Exit.UPHELD;
        for (Path file : files) {
            triage = new Triage();      // each file is a log of its own
            read(file);
            int code = tell(file.toString());
            worst = code == Exit.FINDING || worst == Exit.UPHELD ? code : worst;
        }
        return worst;
    }

    private int tell(String source) {
        Triage.Report report = triage.report();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(InspectJson.report(source, report));
            return code(report.worst());
        }
        if (files.size() > 1) {
            out.println((source.equals(files.getFirst().toString()) ? "" : System.lineSeparator()) + "== "
                    + source);
        }
        Telling.of(report).forEach(out::println);
        if (explain) {
            explain(report, out);
        }
        return code(report.worst());
    }

    private static int code(Verdict worst) {
        return switch (worst) {
            case BENIGN, SAFE -> Exit.UPHELD;
            case QUEUE_STOPPED, LOST_FLUSH_CERTAIN -> Exit.FINDING;
            case DEVICE_GONE, LOST_FLUSH_POSSIBLE -> Exit.INCONCLUSIVE;
        };
    }

    private void read(Path file) throws IOException {
        if (!Files.isRegularFile(file) && !Files.isReadable(file) || Files.isDirectory(file)) {
            throw new Refusal(file + ": expected a log that can be read");
        }
        try (InputStream in = open(file)) {
            triage.read(file.toString(), in, follow ? _ -> news() : bar(file));
        }
    }

    private InputStream open(Path file) throws IOException {
        if (follow) {
            return new Followed(file, this::news);
        }
        InputStream raw = Files.newInputStream(file);
        return file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
    }

    private static LongConsumer bar(Path file) throws IOException {
        boolean packed = file.toString().endsWith(".gz");
        return Console.terminal() ? new Bar(packed ? 0 : Files.size(file)) : _ -> { };
    }

    /** What is new since the last time: an incident, or a worse verdict. */
    private void news() {
        triage.idle();
        PrintWriter out = spec.commandLine().getOut();
        for (Incident incident : triage.incidents()) {
            Verdict before = told.put(incident, incident.verdict());
            if (before != incident.verdict()) {
                out.println(json ? InspectJson.incident(incident) : Telling.line(incident));
            }
        }
        out.flush();
    }

    private static void explain(Triage.Report report, PrintWriter out) {
        out.println();
        out.println("What a human can do now. Lazaret does none of it:");
        int number = 0;
        for (Runbook.Step step : Runbook.of(report.worst()).steps()) {
            number++;
            out.println(number + ". " + step.what());
            out.println("   Not guaranteed: " + step.cannot());
        }
    }
}
