// SPDX-License-Identifier: Apache-2.0
package lazaret.bench.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Fuzzing from the command line; see {@code bench/fuzz}. A corpus is a text file with one input in hex on
 * each line.
 */
public final class Fuzz {
    private static final int SLICE = 2000;
    private static final long MINUTE = 60_000_000_000L;

    private Fuzz() { }

    /**
     * Arguments: minutes, seed, corpus to begin with, file for the corpus afterwards; or {@code replay} and
     * an input in hex; or {@code merge} and files.
     */
    public static void main(String[] args) throws IOException {
        if (args[0].equals("replay")) {
            replay(HexFormat.of().parseHex(args[1]));
            return;
        }
        if (args[0].equals("merge")) {
            merge(List.of(args).subList(1, args.length));
            return;
        }
        double minutes = Double.parseDouble(args[0]);
        var fuzzer = new Fuzzer(Long.parseLong(args[1]));
        Fuzzer.Defect defect = null;
        for (byte[] input : read(Path.of(args[2]))) {
            defect = defect == null ? fuzzer.attempt(input) : defect;
        }
        long begin = System.nanoTime();
        while (defect == null && System.nanoTime() - begin < minutes * MINUTE) {
            defect = fuzzer.explore(SLICE);
        }
        tell(fuzzer, (System.nanoTime() - begin) / 1e9);
        if (args.length > 3) {
            write(Path.of(args[3]), fuzzer.kept());
        }
        if (defect != null) {
            Fuzzer.Defect small = fuzzer.shortened(defect);
            System.out.println("defect: bench/fuzz --replay " + HexFormat.of().formatHex(small.input()));
            small.what().printStackTrace(System.out);
            System.exit(1);
        }
    }

    private static void replay(byte[] input) {
        Fuzzer.Defect defect = new Fuzzer(0).attempt(input);
        if (defect == null) {
            System.out.println("no defect");
        } else {
            defect.what().printStackTrace(System.out);
            System.exit(1);
        }
    }

    /** The first file becomes the small corpus of all of them. */
    private static void merge(List<String> files) throws IOException {
        var all = new ArrayList<byte[]>();
        for (String file : files) {
            all.addAll(read(Path.of(file)));
        }
        List<byte[]> small = Fuzzer.smallest(all);
        write(Path.of(files.getFirst()), small);
        System.out.println(small.size() + " of " + all.size() + " inputs kept in " + files.getFirst());
    }

    private static void tell(Fuzzer fuzzer, double seconds) {
        System.out.printf(Locale.ROOT, "%d executions in %.0f s, %.0f/s; %d inputs kept%n",
                fuzzer.executions(), seconds, fuzzer.executions() / seconds, fuzzer.kept().size());
        for (String name : List.of("lazaret.smmuv3.hw.", "lazaret.smmuv3.", "lazaret.pcie.hw.")) {
            int all = fuzzer.lines(name, false);
            int reached = fuzzer.lines(name, true);
            System.out.printf(Locale.ROOT, "%-20s %5d of %5d lines reached, %.1f %%%n", name, reached, all,
                    100.0 * reached / all);
        }
        fuzzer.refused().forEach((what, count) -> System.out.println(count + " × " + what));
        if (Boolean.getBoolean("missed")) {
            fuzzer.missed().forEach(System.out::println);
        }
    }

    /** Reads a corpus. */
    static List<byte[]> read(Path file) throws IOException {
        var inputs = new ArrayList<byte[]>();
        for (String line : Files.readAllLines(file)) {
            inputs.add(HexFormat.of().parseHex(line));
        }
        return inputs;
    }

    private static void write(Path file, List<byte[]> inputs) throws IOException {
        Files.write(file, inputs.stream().map(HexFormat.of()::formatHex).toList());
    }
}
