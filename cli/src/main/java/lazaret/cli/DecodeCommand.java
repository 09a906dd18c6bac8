// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import lazaret.inspect.Decoded;
import lazaret.inspect.Decoder;
import lazaret.inspect.Structure;
import lazaret.smmuv3.Idr;
import lazaret.smmuv3.Ste;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lazaret decode}: raw words of an SMMUv3 to fields. */
@Command(name = "decode", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Names every field of raw SMMUv3 words, the reserved bits that are set and the rules that are "
                + "broken.",
        "KIND is ste, cd, l1std, l1cd, cmd, event, pri, cmdq-cons, atc-size, or a register such as CR0.",
        "Words are hexadecimal, with or without 0x; an atc-size is decimal.",
        "Without arguments, or with -, lines of KIND WORD… come from standard input; # begins a comment."},
        footer = {"", "Exit codes: 0 nothing to remark, 1 something illegal, 64 wrong input.", "",
        "Examples:",
                "  lazaret decode event 0x00007d1200000010 0x000012000000007c 0xfffef040 0xfffef000",
                "  lazaret decode cmdq-cons 0x030120f3 --queue-size 524288",
                "  lazaret decode cd 0x4000620480003510 0x80010000 --ste 0x8000200b,0x8000000"})
final class DecodeCommand implements Callable<Integer> {
    /** The registers whose absence means: can everything. */
    private static final long UNSAID = -1;
    private static final int STE_WORDS = 8;

    @Parameters(arity = "0..*", paramLabel = "KIND WORD", description = "What it is, and its words.")
    private List<String> given = List.of();

    @Option(names = "--file", paramLabel = "FILE", description = "Lines of KIND WORD… from a file.")
    private Path file;

    @Option(names = "--queue-size", paramLabel = "N",
            description = "Entries of the command queue, as the boot log says; a power of two.")
    private Integer queueSize;

    @Option(names = "--idr0", paramLabel = "HEX", converter = Hex.class, description =
            "ID registers of the SMMU, for its rules. Without one, that of an SMMU that can everything.")
    private long idr0 = UNSAID;

    @Option(names = "--idr1", paramLabel = "HEX", converter = Hex.class, description = "")
    private long idr1 = UNSAID;

    @Option(names = "--idr3", paramLabel = "HEX", converter = Hex.class, description = "")
    private long idr3 = UNSAID;

    @Option(names = "--idr5", paramLabel = "HEX", converter = Hex.class, description = "")
    private long idr5 = UNSAID;

    @Option(names = "--ste", paramLabel = "WORDS", split = ",", converter = Hex.class, description =
            "The STE that leads to a CD, up to eight words with commas between them: rules depend on it.")
    private List<Long> ste = List.of();

    @Option(names = "--json", description = "The same as data, one object a line.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    private boolean illegal;

    static final class Hex implements picocli.CommandLine.ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            return word("", text);
        }
    }

    @Override
    public Integer call() throws IOException {
        var decoder = new Decoder(idr(), queue(), ste());
        if (file != null) {
            try (BufferedReader lines = Files.newBufferedReader(file)) {
                all(decoder, file.toString(), lines);
            } catch (NoSuchFileException _) {
                throw new Refusal(file + ": expected a file with lines of KIND WORD…");
            }
        } else if (given.isEmpty() || given.equals(List.of("-"))) {
            all(decoder, "standard input", Console.input());
        } else {
            one(decoder, "", given);
        }
        return illegal ? Exit.FINDING : Exit.UPHELD;
    }

    private void all(Decoder decoder, String name, BufferedReader lines) throws IOException {
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            String text = line.replaceFirst("#.*", "").strip();
            if (!text.isEmpty()) {
                one(decoder, name + ":" + number + ": ", Arrays.asList(text.split("[\\s,]+")));
            }
        }
    }

    private void one(Decoder decoder, String where, List<String> words) {
        Structure structure = Structure.named(words.getFirst());
        if (structure == null) {
            throw new Refusal(where + "\"" + words.getFirst() + "\": expected " + Structure.names());
        }
        List<String> rest = words.subList(1, words.size());
        if (rest.size() < structure.least() || rest.size() > structure.words()) {
            throw new Refusal(where + words.getFirst() + ": expected " + count(structure) + ", not "
                    + rest.size());
        }
        boolean decimal = structure.equals(new Structure.Entry(Structure.Kind.ATC_SIZE));
        long[] values = rest.stream().mapToLong(w -> decimal ? number(where, w) : word(where, w)).toArray();
        show(decoder.decode(structure, values));
    }

    private static String count(Structure structure) {
        String most = structure.words() + (structure.words() == 1 ? " word" : " words");
        return structure.least() == structure.words() ? most : structure.least() + " to " + most;
    }

    private void show(Decoded decoded) {
        illegal |= decoded.remarks().stream().anyMatch(r -> r.startsWith("illegal: "));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(InspectJson.decoded(decoded));
            return;
        }
        out.println(decoded.line());
        for (Decoded.Named f : decoded.fields()) {
            String bits = f.field().msb() + (f.field().msb() == f.field().lsb() ? "" : ":" + f.field().lsb());
            out.println(String.format("  word %d [%5s]  %-12s %s", f.field().word(), bits, f.field().name(),
                    value(f)));
        }
        decoded.derived().forEach((name, value) -> out.println("  " + name + ": " + value));
        decoded.remarks().forEach(remark -> out.println("  ! " + remark));
    }

    private static String value(Decoded.Named f) {
        String number = "0x" + Long.toHexString(f.value());
        return f.shown().equals(number) || f.value() < 10 && f.shown().equals(Long.toString(f.value()))
                ? f.shown() : f.shown() + " (" + number + ")";
    }

    private Idr idr() {
        Idr all = Decoder.EVERYTHING;
        return new Idr(idr0 == UNSAID ? all.idr0() : idr0, idr1 == UNSAID ? all.idr1() : idr1,
                idr3 == UNSAID ? all.idr3() : idr3, idr5 == UNSAID ? all.idr5() : idr5);
    }

    private Ste ste() {
        if (ste.size() > STE_WORDS) {
            throw new Refusal("--ste: expected at most " + STE_WORDS + " words, not " + ste.size());
        }
        long[] words = new long[STE_WORDS];
        for (int i = 0; i < ste.size(); i++) {
            words[i] = ste.get(i);
        }
        return ste.isEmpty() ? Decoder.PLAIN : Ste.of(words);
    }

    private OptionalInt queue() {
        if (queueSize == null) {
            return OptionalInt.empty();
        }
        if (Integer.bitCount(queueSize) != 1 || queueSize > 1 << 19) {
            throw new Refusal("--queue-size " + queueSize + ": expected a power of two, at most 524288");
        }
        return OptionalInt.of(Integer.numberOfTrailingZeros(queueSize));
    }

    private static long word(String where, String text) {
        String digits = text.startsWith("0x") || text.startsWith("0X") ? text.substring(2) : text;
        try {
            return Long.parseUnsignedLong(digits.replace("_", ""), 16);
        } catch (NumberFormatException _) {
            throw new Refusal(where + "\"" + text + "\": expected a hexadecimal word of at most 64 bits");
        }
    }

    private static long number(String where, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            throw new Refusal(where + "\"" + text + "\": expected a decimal number");
        }
    }
}
