// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import lazaret.machine.Memory;
import lazaret.smmuv3.Cd;
import lazaret.smmuv3.Idr1;
import lazaret.smmuv3.L1Cd;
import lazaret.smmuv3.L1Std;
import lazaret.smmuv3.Regs;
import lazaret.smmuv3.Ste;
import lazaret.smmuv3.StreamTable;

/**
 * All streams of a machine: goes through its stream table, context tables and translation tables.
 */
public final class Streams {
    private static final int MOST_CONTEXTS = 1 << 16;

    private final Memory memory;
    private final Regs regs;

    private Streams(Memory memory, Regs regs) {
        this.memory = memory;
        this.regs = regs;
    }

    /** The streams whose entry is valid and does not just abort, by stream id. */
    public static List<Stream> of(Memory memory, Regs regs) {
        var streams = new Streams(memory, regs);
        var all = new ArrayList<Stream>();
        streams.entries().forEach((sid, ste) -> {
            if (ste.valid() && ste.config() != Ste.Config.ABORT) {
                all.add(streams.stream(sid, ste));
            }
        });
        return List.copyOf(all);
    }

    /** Every entry that the memory holds, by stream id; also those that are invalid or abort. */
    public static TreeMap<Integer, Ste> entries(Memory memory, Regs regs) {
        return new Streams(memory, regs).entries();
    }

    private TreeMap<Integer, Ste> entries() {
        StreamTable table = regs.streamTable();
        var found = new TreeMap<Integer, Ste>(Integer::compareUnsigned);
        long streams = 1L << table.log2size();
        switch (table.fmt()) {
            case LINEAR -> {
                for (long sid = 0; sid < streams && memory.backs(table.ste((int) sid)); sid++) {
                    put(found, (int) sid, table.ste((int) sid));
                }
            }
            case TWO_LEVEL -> {
                for (long sid = 0; sid < streams; sid += 1L << table.split()) {
                    leaf(table, (int) sid, found);
                }
            }
        }
        return found;
    }

    private void leaf(StreamTable table, int first, TreeMap<Integer, Ste> found) {
        if (!memory.backs(table.l1std(first))) {
            return;
        }
        long l1std = memory.load(table.l1std(first));
        int entries = Math.min(L1Std.entries(l1std), 1 << table.split());
        for (int i = 0; i < entries; i++) {
            long at = table.ste(first + i, l1std);
            if (at != StreamTable.NOWHERE) {
                put(found, first + i, at);
            }
        }
    }

    private void put(TreeMap<Integer, Ste> found, int sid, long at) {
        if (memory.backs(at)) {
            found.put(sid, Ste.of(words(at)));
        }
    }

    private long[] words(long at) {
        long[] words = new long[8];
        for (int i = 0; i < words.length; i++) {
            words[i] = memory.load(at + 8L * i);
        }
        return words;
    }

    private Stream stream(int sid, Ste ste) {
        int[] missing = {0};
        String remark = "";
        var second = new ArrayList<Mapping>();
        if (ste.config().stage2()) {
            Tree tree = ste.test(Ste.S2AA64) ? Tree.stage2(ste, regs.idr()) : null;
            remark = tree == null ? "stage 2 has a format that is not known here" : "";
            collect(tree, a -> a, second, missing);
        }
        var contexts = new ArrayList<Stream.Context>();
        if (ste.config().stage1()) {
            LongUnaryOperator where = ste.config().stage2() ? ipa -> through(second, ipa) : a -> a;
            contexts(ste, where).forEach((ssid, cd) -> contexts.add(context(ste, ssid, cd, where, second,
                    missing)));
        }
        return new Stream(sid, ste, List.copyOf(contexts), List.copyOf(second), missing[0], remark);
    }

    private Stream.Context context(Ste ste, int ssid, Cd cd, LongUnaryOperator where, List<Mapping> second,
            int[] missing) {
        var first = new ArrayList<Mapping>();
        if (cd.test(Cd.AA64)) {
            collect(Tree.lower(cd, regs.idr()), where, first, missing);
            collect(Tree.upper(cd, regs.idr()), where, first, missing);
        }
        return new Stream.Context(ssid, cd, ste.config().stage2() ? both(first, second) : List.copyOf(first));
    }

    private void collect(Tree tree, LongUnaryOperator where, List<Mapping> into, int[] missing) {
        if (tree != null) {
            tree.leaves(memory, where, into::add, _ -> missing[0]++);
        }
    }

    /** Where stage 2 sends {@code ipa}. */
    private static long through(List<Mapping> second, long ipa) {
        for (Mapping m : second) {
            if (Long.compareUnsigned(ipa - m.input(), m.size()) < 0) {
                return m.output() + (ipa - m.input());
            }
        }
        return Tree.NOWHERE;
    }

    /** Both stages, cut into the ranges that neither of them divides. */
    private static List<Mapping> both(List<Mapping> first, List<Mapping> second) {
        var all = new ArrayList<Mapping>();
        for (Mapping one : first) {
            for (Mapping two : second) {
                boolean inside = Long.compareUnsigned(one.output() - two.input(), two.size()) < 0;
                boolean around = Long.compareUnsigned(two.input() - one.output(), one.size()) < 0;
                if (inside || around) {
                    int log2 = Math.min(one.log2size(), two.log2size());
                    long input = inside ? one.input() : one.input() + (two.input() - one.output());
                    long output = inside ? two.output() + (one.output() - two.input()) : two.output();
                    all.add(new Mapping(input, output, log2, one.read() && two.read(), one.write()
                            && two.write(),
                            one.privileged()));
                }
            }
        }
        return List.copyOf(all);
    }

    private TreeMap<Integer, Cd> contexts(Ste ste, LongUnaryOperator where) {
        var found = new TreeMap<Integer, Cd>();
        int log2 = regs.idr().has(Idr1.SSIDSIZE) ? ste.get(Ste.S1CDMAX) : 0;
        int split = ste.s1Fmt().split();
        boolean linear = log2 == 0 || ste.s1Fmt() == Ste.S1Fmt.LINEAR;
        for (int ssid = 0; ssid < Math.min(1L << log2, MOST_CONTEXTS); ssid++) {
            long at = where.applyAsLong(linear ? ste.s1ContextPtr() + (long) ssid * Cd.SIZE
                    : leaf(ste, ssid, split, where));
            if (at != Tree.NOWHERE && memory.backs(at)) {
                Cd cd = Cd.of(words(at));
                if (cd.valid()) {
                    found.put(ssid, cd);
                }
            }
        }
        return found;
    }

    /** Where the CD of {@code ssid} is behind its level-1 descriptor. */
    private long leaf(Ste ste, int ssid, int split, LongUnaryOperator where) {
        long at = where.applyAsLong(ste.s1ContextPtr() + 8L * (ssid >>> split));
        if (at == Tree.NOWHERE || !memory.backs(at) || !L1Cd.V.test(memory.load(at))) {
            return Tree.NOWHERE;
        }
        return L1Cd.L2PTR.in(memory.load(at)) + (long) (ssid & (1 << split) - 1) * Cd.SIZE;
    }
}
