// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import lazaret.machine.Memory;

/**
 * What Linux had built for its SMMU when QEMU was stopped: registers, tables, the whole history of commands;
 * and where addresses went. Its JSON is flat enough for patterns.
 */
public final class Recording {
    /** All there are. */
    public static final List<String> NAMES = List.of("k61-s1-4k", "k73-s1-4k", "k73-s2-4k");

    private static final int PAGE = 4096;
    private static final Pattern NUMBER = Pattern.compile("0x[0-9a-f]+");

    private final String name;
    private final String meta;

    public Recording(String name) {
        this.name = name;
        meta = new String(file("meta.json"), StandardCharsets.UTF_8);
    }

    /** One access and what became of it: {@code event} is null if it went to {@code pa}. */
    public record Access(int sid, long iova, boolean write, long pa, String event, List<long[]> raw) {
        public Transaction transaction() {
            return Transaction.untranslated(sid, write ? AccessType.WRITE : AccessType.READ, iova);
        }
    }

    /** The value of a register at the stop. */
    public long register(String register) {
        return Long.decode(first("\"" + register + "\": \"(0x[0-9a-f]+)\"", meta));
    }

    /** What translation saw of the registers. */
    public Regs regs() {
        Idr idr = new Idr(register("IDR0"), register("IDR1"), register("IDR3"), register("IDR5"));
        return new Regs(idr, register("CR0ACK"), register("CR2"), register("GBPA"), register("STRTAB_BASE"),
                register("STRTAB_BASE_CFG"));
    }

    /** Puts the tables where they were. */
    public void load(Memory memory) {
        ByteBuffer words = words("pages.bin");
        Matcher address = NUMBER.matcher(first("\"pages\": \\[([^]]*)]", meta));
        while (address.find()) {
            long page = Long.decode(address.group());
            for (int i = 0; i < PAGE; i += 8) {
                memory.store(page + i, words.getLong());
            }
        }
        if (words.hasRemaining()) {
            throw new AssertionError("pages without address");
        }
    }

    public List<Access> accesses() {
        List<Access> accesses = new ArrayList<>();
        for (String line : lines("tuples-public.jsonl")) {
            String pa = first("\"pa\": \"(0x[0-9a-f]+)\"", line);
            accesses.add(new Access(Integer.decode(first("\"sid\": \"(0x[0-9a-f]+)\"", line)),
                    Long.decode(first("\"iova\": \"(0x[0-9a-f]+)\"", line)), line.contains("\"acc\": \"W\""),
                    pa == null ? 0 : Long.decode(pa), first("\"event\": \"(\\w+)\"", line), raw(line)));
        }
        return accesses;
    }

    private static List<long[]> raw(String line) {
        List<long[]> records = new ArrayList<>();
        Matcher words = Pattern.compile("\\[(\"[0-9a-f]{16}\"(?:, \"[0-9a-f]{16}\"){3})]").matcher(line);
        while (words.find()) {
            String[] four = words.group(1).replace("\"", "").split(", ");
            records.add(new long[] {Vectors.hex(four[0]), Vectors.hex(four[1]), Vectors.hex(four[2]),
                    Vectors.hex(four[3])});
        }
        return records;
    }

    /** The words of all commands since the start. */
    public long[] commands() {
        ByteBuffer words = words("cmdq.bin");
        long[] commands = new long[words.remaining() / 8];
        words.asLongBuffer().get(commands);
        return commands;
    }

    /** Index, name, operands … of some commands, as they were decoded elsewhere. */
    public List<String> sample() {
        return lines("cmdstream-sample.jsonl");
    }

    private List<String> lines(String file) {
        return new String(file(file), StandardCharsets.UTF_8).lines().toList();
    }

    private ByteBuffer words(String file) {
        return ByteBuffer.wrap(file(file)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The group of the first match, null without one. */
    static String first(String pattern, String text) {
        Matcher match = Pattern.compile(pattern).matcher(text);
        return match.find() ? match.group(1) : null;
    }

    private byte[] file(String file) {
        String path = "/recordings/" + name + "/" + file + ".gz";
        try (InputStream in = Recording.class.getResourceAsStream(path)) {
            return new GZIPInputStream(new ByteArrayInputStream(in.readAllBytes())).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
