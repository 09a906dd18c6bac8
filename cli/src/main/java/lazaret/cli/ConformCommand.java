// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import lazaret.lab.conform.Deviation;
import lazaret.lab.conform.Difference;
import lazaret.lab.conform.Examination;
import lazaret.lab.conform.QemuSmmu;
import lazaret.qemu.Board;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lazaret conform}: does somebody else's SMMUv3 do what ours does? */
@Command(name = "conform", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Puts random cases to our SMMUv3 and to that of a QEMU: fields of STE and CD, descriptors,",
        "commands, stale caches, accesses of a device. Where they differ the case is made as small as it",
        "can be and shown with both answers. Known deviations are named with the section of the manual",
        "that says otherwise; anything else is unexplained. What the architecture leaves open is no",
        "difference. The same seed makes the same cases.",
        "Any program that answers QEMU's qtest protocol can be examined: docs/conform.md."},
        footer = {"", "Exit codes: 0 every difference is a known deviation, 1 something is unexplained,",
                "64 no QEMU, or one that dies, hangs or has no SMMUv3.", "", "Examples:",
                "  lazaret conform --qemu qemu-system-aarch64 --budget 10m",
                "  lazaret conform --qemu ./build/qemu-system-aarch64 --cases 5000 --seed 7",
                "  lazaret conform --transcript conform-7.2.22.txt --cases 200"})
final class ConformCommand implements Callable<Integer> {
    /** Where the other one is. */
    static final class Other {
        @Option(names = "--qemu", paramLabel = "BINARY", required = true,
                description = "The QEMU to examine; it is started and stopped.")
        private Path binary;

        @Option(names = "--transcript", paramLabel = "FILE", required = true,
                description = "What --record wrote: the same cases, without a QEMU. Say the same --seed.")
        private Path transcript;
    }

    @ArgGroup(multiplicity = "1")
    private Other other;

    @Option(names = "--budget", paramLabel = "TIME", converter = Budget.Converter.class, defaultValue = "30s",
            description = "When to stop: 30s, 10m, 2h. Default: ${DEFAULT-VALUE}.")
    private Budget budget;

    @Option(names = "--cases", paramLabel = "N", defaultValue = "2147483647", showDefaultValue =
            picocli.CommandLine.Help.Visibility.NEVER, description = "Stop after so many cases.")
    private int cases;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "1",
            description = "Of all cases. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--record", paramLabel = "FILE",
            description = "Write down what was asked and answered, for --transcript.")
    private Path record;

    @Option(names = "--json", description = "The same as data.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (var theirs = new QemuSmmu(board())) {
            var exam = new Examination(theirs, seed);
            long end = System.nanoTime() + budget.time().toNanos();
            while (exam.cases() < cases && System.nanoTime() < end) {
                exam.next();
            }
            out.print(json ? Json.conform(exam, seed) + System.lineSeparator() : text(exam));
            return exam.unexplained().isEmpty() ? Exit.UPHELD : Exit.FINDING;
        }
    }

    private Board board() {
        if (other.transcript != null) {
            return Board.replay(other.transcript);
        }
        return record == null ? Board.start(other.binary) : Board.record(other.binary, record);
    }

    private String text(Examination exam) {
        var out = new StringBuilder();
        for (Difference each : exam.unexplained()) {
            out.append("unexplained:\n");
            tell(out, each);
        }
        exam.known().forEach((why, least) -> {
            out.append("%s (%s, %s), in %d cases: %s%n".formatted(why, why.section(), why.verdict(),
                    exam.often(why), why.why()));
            tell(out, least);
        });
        for (Deviation why : Deviation.values()) {
            if (why.knownOf(exam.theirs().version()) && !exam.known().containsKey(why)) {
                out.append(why).append(": known of this version, not met\n");
            }
        }
        return out.append("%s: %d cases of seed %d, %d not modelled; %d deviations met, %d unexplained%n"
                .formatted(exam.theirs().name(), exam.cases(), seed, exam.refused(), exam.known().size(),
                        exam.unexplained().size()))
                .append("pace: ours %d cases/s, theirs %d cases/s%n".formatted(exam.ourPace(),
                        exam.theirPace()))
                .toString();
    }

    private static void tell(StringBuilder out, Difference each) {
        each.lines().forEach(line -> out.append("  ").append(line).append('\n'));
    }
}
