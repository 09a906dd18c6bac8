// SPDX-License-Identifier: Apache-2.0
package lazaret.bench.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Tries inputs, keeps those that reach what no other one did, and makes new ones of them. The same seed and
 * the same beginnings try the same inputs.
 */
public final class Fuzzer {
    /** What an input did that it must not. */
    public record Defect(byte[] input, Throwable what) { }

    private static final int LONGEST = 512;

    private final SplittableRandom random;
    private final Probing code = new Probing();
    private final Function<byte[], String> play;
    private final byte[] reached = new byte[Probes.ROOM];
    private final List<byte[]> kept = new ArrayList<>();
    private final Map<String, Long> refused = new TreeMap<>();
    private long executions;

    public Fuzzer(long seed) {
        random = new SplittableRandom(seed);
        play = player(code);
    }

    /** @param play does what an input says, and returns "rest" or what was not modelled */
    Fuzzer(long seed, Function<byte[], String> play) {
        random = new SplittableRandom(seed);
        this.play = play;
    }

    @SuppressWarnings("unchecked")
    private static Function<byte[], String> player(Probing code) {
        try {
            var type = code.loadClass("lazaret.bench.fuzz.Play");
            return (Function<byte[], String>) type.getConstructor().newInstance();
        } catch (ReflectiveOperationException absent) {
            throw new IllegalStateException(absent);
        }
    }

    /** Tries one input; null if all was well. Keeps it if it is new. */
    public Defect attempt(byte[] input) {
        executions++;
        Probes.clear();
        try {
            String end = play.apply(input);
            if (!end.equals("rest")) {
                refused.merge(end.replaceFirst("^(not modelled: [^:]*):.*", "$1"), 1L, Long::sum);
            }
        } catch (RuntimeException | Error wrong) {
            return new Defect(input, wrong);
        }
        if (isNew()) {
            kept.add(input);
        }
        return null;
    }

    private boolean isNew() {
        boolean fresh = false;
        int count = code.places().size();
        for (int i = 0; i < count; i++) {
            int now = Probes.reached(i);
            if ((now & ~reached[i]) != 0) {
                reached[i] |= (byte) now;
                fresh = true;
            }
        }
        return fresh;
    }

    /** The shortest of {@code inputs} that together reach every place that they reach. */
    public static List<byte[]> smallest(List<byte[]> inputs) {
        var fuzzer = new Fuzzer(0);
        List<byte[]> small = new ArrayList<>();
        for (byte[] input : inputs.stream().sorted(Comparator.comparingInt(i -> i.length)).toList()) {
            int before = fuzzer.places();
            if (fuzzer.attempt(input) == null && fuzzer.places() > before) {
                small.add(input);
            }
        }
        return small;
    }

    private int places() {
        int places = 0;
        for (byte how : reached) {
            places += how == 0 ? 0 : 1;
        }
        return places;
    }

    /** Tries {@code count} inputs made of those kept; null if all was well. */
    public Defect explore(long count) {
        for (long i = 0; i < count; i++) {
            Defect defect = attempt(mutant());
            if (defect != null) {
                return defect;
            }
        }
        return null;
    }

    private byte[] mutant() {
        byte[] input = kept.isEmpty() ? new byte[0] : kept.get(random.nextInt(kept.size()));
        for (int n = 1 << random.nextInt(5); n > 0; n--) {
            input = mutated(input);
        }
        return input.length > LONGEST ? Arrays.copyOf(input, LONGEST) : input;
    }

    private byte[] mutated(byte[] input) {
        if (input.length == 0) {
            return fresh(1 + random.nextInt(64));
        }
        int at = random.nextInt(input.length);
        int length = 1 + random.nextInt(Math.min(16, input.length - at));
        byte[] none = {};
        return switch (random.nextInt(8)) {
            case 0, 1 -> changed(input, at, (byte) (input[at] ^ 1 << random.nextInt(8)));
            case 2 -> changed(input, at, (byte) random.nextInt());
            case 3 -> changed(input, at, (byte) (input[at] + random.nextInt(9) - 4));
            case 4 -> spliced(input, at, 0, fresh(1 + random.nextInt(8)));
            case 5 -> spliced(input, at, length, none);
            case 6 -> spliced(input, at, 0, Arrays.copyOfRange(input, at, at + length));
            default -> crossed(input, at);
        };
    }

    private byte[] crossed(byte[] input, int at) {
        byte[] other = kept.isEmpty() ? input : kept.get(random.nextInt(kept.size()));
        int from = other.length == 0 ? 0 : random.nextInt(other.length);
        return spliced(input, at, input.length - at, Arrays.copyOfRange(other, from, other.length));
    }

    private static byte[] changed(byte[] input, int at, byte value) {
        byte[] copy = input.clone();
        copy[at] = value;
        return copy;
    }

    private static byte[] spliced(byte[] input, int at, int cut, byte[] more) {
        byte[] all = Arrays.copyOf(input, input.length - cut + more.length);
        System.arraycopy(more, 0, all, at, more.length);
        System.arraycopy(input, at + cut, all, at + more.length, input.length - at - cut);
        return all;
    }

    private byte[] fresh(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** The shortest input found that goes wrong in the same way. */
    public Defect shortened(Defect defect) {
        byte[] best = defect.input();
        Throwable what = defect.what();
        for (int size = best.length / 2; size > 0; size /= 2) {
            for (int at = 0; at + size <= best.length; ) {
                Defect next = attempt(spliced(best, at, size, new byte[0]));
                if (next != null && next.what().getClass() == what.getClass()) {
                    best = next.input();
                    what = next.what();
                } else {
                    at += size;
                }
            }
        }
        return new Defect(best, what);
    }

    public long executions() {
        return executions;
    }

    /** Inputs of which each reached something new when it came. */
    public List<byte[]> kept() {
        return kept;
    }

    /** What was not modelled, and how often an input ended there. */
    public Map<String, Long> refused() {
        return refused;
    }

    /** Lines of types whose name begins so: all that have code, or only those that were reached. */
    public int lines(String prefix, boolean onlyReached) {
        return lines(place -> place.type().startsWith(prefix), onlyReached).size();
    }

    private TreeSet<String> lines(Predicate<Probing.Place> which, boolean onlyReached) {
        var lines = new TreeSet<String>();
        for (int i = 0; i < code.places().size(); i++) {
            Probing.Place place = code.places().get(i);
            if (which.test(place) && (!onlyReached || reached[i] != 0)) {
                lines.add(place.type().replaceAll("\\$.*", "") + ":" + place.line());
            }
        }
        return lines;
    }

    /** Lines that no input reached, for whoever looks for what is missing. */
    public List<String> missed() {
        TreeSet<String> missed = lines(_ -> true, false);
        missed.removeAll(lines(_ -> true, true));
        return List.copyOf(missed);
    }
}
