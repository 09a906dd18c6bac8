// SPDX-License-Identifier: Apache-2.0
package lazaret.qemu;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import lazaret.machine.Memory;
import lazaret.machine.Mmio;

/**
 * Requests of the qtest protocol. What answers nothing of interest is sent with the next request that does,
 * or by {@link #settle}.
 */
public final class Qtest implements Memory {
    /** More than so many are not kept back. */
    private static final int MANY = 4096;

    private final Wire wire;
    private final List<String> posted = new ArrayList<>();
    private final BitSet raised = new BitSet();

    Qtest(Wire wire) {
        this.wire = wire;
    }

    /** Sent later; its answer does not matter as long as there is one. */
    void post(String request) {
        posted.add(request);
        if (posted.size() == MANY) {
            settle();
        }
    }

    /** Everything that was posted is done now. */
    public void settle() {
        List<String> requests = List.copyOf(posted);
        posted.clear();
        hear(wire.ask(requests));
    }

    /** The answers to {@code requests}, before which everything is done that was posted. */
    List<String> ask(List<String> requests) {
        int before = posted.size();
        posted.addAll(requests);
        List<String> all = List.copyOf(posted);
        posted.clear();
        List<Wire.Answer> answers = wire.ask(all);
        hear(answers);
        return answers.subList(before, answers.size()).stream().map(Wire.Answer::value).toList();
    }

    private void hear(List<Wire.Answer> answers) {
        answers.forEach(answer -> answer.raised().forEach(raised::set));
    }

    private String ask(String request) {
        return ask(List.of(request)).getFirst();
    }

    /** Has this line gone up since it was asked about last? */
    public boolean takeRaised(int line) {
        boolean was = raised.get(line);
        raised.clear(line);
        return was;
    }

    // ---- memory; all of it that the machine has, and its devices

    @Override
    public long load(long pa) {
        return number(ask("readq " + hex(pa)));
    }

    @Override
    public int load32(long pa) {
        return (int) number(ask("readl " + hex(pa)));
    }

    @Override
    public void store(long pa, long word) {
        post("writeq " + hex(pa) + " " + hex(word));
    }

    @Override
    public void store32(long pa, int half) {
        post("writel " + hex(pa) + " " + hex(Integer.toUnsignedLong(half)));
    }

    /** The protocol does not say: what is not there reads as zero. */
    @Override
    public boolean backs(long pa) {
        return true;
    }

    void store16(long pa, int value) {
        post("writew " + hex(pa) + " " + hex(value));
    }

    /** The words at these places. */
    public long[] load(long... places) {
        var requests = new ArrayList<String>();
        for (long pa : places) {
            requests.add("readq " + hex(pa));
        }
        return ask(requests).stream().mapToLong(Qtest::number).toArray();
    }

    /** The words of these stretches of {@code bytes} bytes each. */
    public List<long[]> stretches(long[] places, int bytes) {
        var requests = new ArrayList<String>();
        for (long pa : places) {
            requests.add("read " + hex(pa) + " " + hex(bytes));
        }
        return ask(requests).stream().map(Qtest::words).toList();
    }

    /** Zeroes {@code bytes} bytes from {@code pa} on. */
    public void clear(long pa, long bytes) {
        post("memset " + hex(pa) + " " + hex(bytes) + " 0x0");
    }

    /** A window of registers that begins at {@code base}. */
    public Mmio window(long base) {
        return new Mmio() {
            @Override
            public int read32(int offset) {
                return load32(base + offset);
            }

            @Override
            public void write32(int offset, int value) {
                store32(base + offset, value);
            }

            @Override
            public long read64(int offset) {
                return load(base + offset);
            }

            @Override
            public void write64(int offset, long value) {
                store(base + offset, value);
            }
        };
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    private static long number(String answer) {
        if (!answer.startsWith("0x")) {
            throw new QemuFailure("QEMU answers \"" + answer + "\" where a number was asked for");
        }
        return Long.parseUnsignedLong(answer, 2, answer.length(), 16);
    }

    private static long[] words(String bytes) {
        var all = new long[(bytes.length() - 2) / 16];
        for (int i = 0; i < all.length; i++) {
            int at = 2 + 16 * i;
            all[i] = Long.reverseBytes(HexFormat.fromHexDigitsToLong(bytes, at, at + 16));
        }
        return all;
    }
}
