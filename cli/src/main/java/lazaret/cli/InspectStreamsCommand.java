// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import lazaret.inspect.Mapping;
import lazaret.inspect.RawImage;
import lazaret.inspect.Recording;
import lazaret.inspect.Stream;
import lazaret.inspect.Streams;
import lazaret.inspect.TableDiff;
import lazaret.inspect.Trail;
import lazaret.machine.Memory;
import lazaret.smmuv3.AccessType;
import lazaret.smmuv3.Regs;
import lazaret.smmuv3.Transaction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code lazaret inspect streams DIR}: the stream table of a recorded machine and what can be reached
 * through it.
 */
@Command(name = "streams", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Shows the streams of a recorded machine: entry, contexts, how much each reaches.",
        "With --reach what one of them can reach, with --who who can reach an address, with --diff what",
        "differs in another recording of the same machine."},
        footer = {"", "Exit codes: 0 shown (with --diff: no difference), 1 differences, 64 unusable input.",
        "",
                "Examples:", "  lazaret inspect streams recordings/k61-s1-4k --who 0x80013000",
                "  lazaret inspect streams before --diff after",
                "  lazaret inspect streams ram.img --base 0x40000000 --regs smmu.txt --walk "
                + "0x100:0xfffff000",
                "  lazaret inspect streams guest.core --regs smmu.txt --reach 0x100"})
final class InspectStreamsCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR",
            description =
            "A folder: meta.json with registers and page addresses, pages.bin with the pages. Or a file with "
            + "memory, with --regs: an ELF core (QEMU's dump-guest-memory), or see --base.")
    private Path recording;

    @Option(names = "--base", paramLabel = "PA", description =
            "DIR is a memory image as QEMU's pmemsave writes it; this is the address of its first byte.")
    private String base;

    @Option(names = "--regs", paramLabel = "FILE", description =
            "For a file: registers of the SMMU, a name and a value on each line.")
    private Path registers;

    @Option(names = "--walk", paramLabel = "SID:ADDR", description =
            "The way of one read, with every descriptor; SID:ADDR:w is a write.")
    private String walk;

    @Option(names = "--reach", paramLabel = "SID", description = "Every mapping of that stream.")
    private String reach;

    @Option(names = "--who", paramLabel = "PA", description =
            "Who can reach the page at that physical address.")
    private String who;

    @Option(names = "--diff", paramLabel = "DIR", description = "What differs in that other recording.")
    private Path other;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Tables tables = base == null && !Files.isRegularFile(recording)
                ? Tables.of(Recording.open(recording)) : image();
        PrintWriter out = spec.commandLine().getOut();
        if (other != null) {
            return diff(tables, Tables.of(Recording.open(other)));
        }
        if (!tables.regs.smmuen()) {
            out.println("CR0.SMMUEN=0: nothing is translated, GBPA alone decides");
        }
        if (walk != null) {
            walk(tables);
            return Exit.UPHELD;
        }
        List<Stream> streams = Streams.of(tables.memory, tables.regs);
        if (reach != null) {
            reach(streams, (int) number("--reach", reach));
        } else if (who != null) {
            who(streams, number("--who", who));
        } else {
            streams.forEach(s -> summary(s, out));
        }
        return Exit.UPHELD;
    }

    /** Memory, and what the SMMU was told. */
    private record Tables(Memory memory, Regs regs) {
        static Tables of(Recording recording) {
            return new Tables(recording.memory(), recording.regs());
        }
    }

    private Tables image() {
        if (registers == null) {
            throw new Refusal(recording + ": expected --regs FILE too, with the registers of the SMMU");
        }
        RawImage memory = base == null ? RawImage.core(recording)
                : RawImage.open(recording, number("--base", base));
        return new Tables(memory, RawImage.regs(registers));
    }

    private int diff(Tables before, Tables after) {
        PrintWriter out = spec.commandLine().getOut();
        List<String> lines = TableDiff.of(before.memory, before.regs, after.memory, after.regs);
        lines.forEach(out::println);
        out.println(lines.isEmpty() ? "no difference" : lines.size() + " differences");
        return lines.isEmpty() ? Exit.UPHELD : Exit.FINDING;
    }

    private void walk(Tables tables) {
        String[] parts = walk.split(":");
        boolean write = parts.length == 3 && parts[2].equals("w");
        if (parts.length < 2 || parts.length > 3 || parts.length == 3 && !write) {
            throw new Refusal("--walk " + walk + ": expected SID:ADDR or SID:ADDR:w, such as "
                    + "0x100:0xfffff000");
        }
        PrintWriter out = spec.commandLine().getOut();
        Trail trail = Trail.follow(tables.memory, tables.regs, Transaction.untranslated(
                (int) number("--walk", parts[0]), write ? AccessType.WRITE : AccessType.READ,
                number("--walk", parts[1])));
        trail.steps().forEach(step -> out.println("  " + step));
        out.println(trail.end());
    }

    private static long number(String option, String text) {
        try {
            return text.startsWith("0x") ? Long.parseUnsignedLong(text.substring(2), 16)
                    : Long.parseLong(text);
        } catch (NumberFormatException _) {
            throw new Refusal(option + " " + text + ": expected a number such as 0x100");
        }
    }

    private static void summary(Stream s, PrintWriter out) {
        long bytes = s.all().stream().mapToLong(Mapping::size).sum();
        out.println("sid " + s.name() + ": " + s.ste());
        s.contexts().forEach(c -> out.println("  ssid " + c.ssid() + ": " + c.cd()));
        out.println(s.bypass() ? "  bypass: reaches all of memory"
                : "  " + s.all().size() + " mappings, " + bytes / 1024 + " KiB" + missing(s));
    }

    private static String missing(Stream s) {
        return (s.missing() == 0 ? "" : ", " + s.missing() + " tables are not in the recording")
                + (s.remark().isEmpty() ? "" : ", " + s.remark());
    }

    private void reach(List<Stream> streams, int sid) {
        PrintWriter out = spec.commandLine().getOut();
        Stream stream = streams.stream().filter(s -> s.sid() == sid).findFirst().orElse(null);
        if (stream == null) {
            out.println("sid 0x" + Integer.toHexString(sid) + " reaches nothing: its entry is invalid, "
                    + "aborts, or is not "
                    + "in the recording");
            return;
        }
        summary(stream, out);
        if (stream.ste().config().stage1()) {
            stream.contexts().forEach(c -> c.mappings().forEach(m ->
                    out.println("  ssid " + c.ssid() + " " + m.text())));
        } else {
            stream.mappings().forEach(m -> out.println("  " + m.text()));
        }
    }

    private void who(List<Stream> streams, long pa) {
        PrintWriter out = spec.commandLine().getOut();
        int found = 0;
        for (Stream s : streams) {
            if (s.bypass()) {
                out.println("sid " + s.name() + ": bypass, reaches all of memory");
                found++;
            }
            for (Mapping m : s.all()) {
                if (m.reaches(pa)) {
                    out.println("sid " + s.name() + ": through 0x" + Long.toHexString(m.from(pa)) + " "
                            + m.rights()
                            + ", " + m.text());
                    found++;
                }
            }
        }
        out.println(found + (found == 1 ? " way" : " ways") + " to 0x" + Long.toHexString(pa)
                + (streams.stream().anyMatch(s -> s.missing() > 0)
                ? "; tables are missing, there may be more" : "")
                + "; what TLBs and ATCs still hold is not in a recording");
    }
}
