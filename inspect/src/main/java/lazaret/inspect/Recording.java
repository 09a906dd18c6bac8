// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import lazaret.machine.Memory;
import lazaret.smmuv3.Idr;
import lazaret.smmuv3.Regs;

/**
 * What software had built for its SMMU when a machine was stopped: a folder with {@code meta.json}, which
 * holds registers and the addresses of pages, and {@code pages.bin}, which holds those pages. There may be
 * more; each file may be compressed ({@code .gz}).
 */
public final class Recording {
    private final Path folder;
    private final Json meta;
    private final Dump dump;

    private Recording(Path folder, Json meta, Dump dump) {
        this.folder = folder;
        this.meta = meta;
        this.dump = dump;
    }

    /** @throws BadInput if that is not one */
    public static Recording open(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new BadInput(folder, "a folder with meta.json and pages.bin");
        }
        String text = new String(bytes(folder, "meta.json"), StandardCharsets.UTF_8);
        Json meta = Json.object(folder.resolve("meta.json"), 1, text);
        var recording = new Recording(folder, meta, dump(folder, meta));
        recording.regs();                                       // whoever opens it hears what is missing
        return recording;
    }

    private static Dump dump(Path folder, Json meta) {
        long size = meta.has("page_size") ? meta.number("page_size") : 4096;
        if (size < 8 || Long.bitCount(size) != 1 || size > 1 << 20) {
            throw meta.missing("page_size", "a power of two");
        }
        var dump = new Dump(Long.numberOfTrailingZeros(size));
        List<?> addresses = meta.list("pages");
        ByteBuffer bytes = words(folder, "pages.bin");
        if (bytes.remaining() != addresses.size() * size) {
            throw new BadInput(folder.resolve("pages.bin"), addresses.size() + " pages of " + size
                    + " bytes, as meta.json lists them, not " + bytes.remaining() + " bytes");
        }
        for (Object address : addresses) {
            long page = meta.number("pages", address);
            if ((page & size - 1) != 0) {
                throw meta.missing("pages", "addresses that are multiples of " + size);
            }
            long[] words = new long[(int) size / 8];
            for (int i = 0; i < words.length; i++) {
                words[i] = bytes.getLong();
            }
            dump.put(page, words);
        }
        return dump;
    }

    /** The value of a register at the stop. */
    public long register(String name) {
        return meta.in("regs").number(name);
    }

    /** What translation saw of the registers; those that the recorded machine may not have had are 0. */
    public Regs regs() {
        Idr idr = new Idr(register("IDR0"), register("IDR1"), orZero("IDR3"), register("IDR5"));
        String cr0 = meta.in("regs").has("CR0ACK") ? "CR0ACK" : "CR0";
        return new Regs(idr, register(cr0), orZero("CR2"), orZero("GBPA"), register("STRTAB_BASE"),
                register("STRTAB_BASE_CFG"));
    }

    private long orZero(String name) {
        return meta.in("regs").has(name) ? register(name) : 0;
    }

    /** The recorded pages, and nothing behind any other address. */
    public Memory memory() {
        return dump;
    }

    /** Puts the tables where they were. */
    public void load(Memory memory) {
        dump.pages().forEach((number, words) -> {
            for (int i = 0; i < words.length; i++) {
                memory.store((number << dump.log2page()) + 8L * i, words[i]);
            }
        });
    }

    /** The words of all commands since the start: {@code cmdq.bin}. */
    public long[] commands() {
        ByteBuffer bytes = words(folder, "cmdq.bin");
        long[] commands = new long[bytes.remaining() / 16 * 2];
        bytes.asLongBuffer().get(commands);
        return commands;
    }

    /** The lines of one of its files. */
    public List<String> lines(String name) {
        return new String(bytes(folder, name), StandardCharsets.UTF_8).lines().toList();
    }

    private static ByteBuffer words(Path folder, String name) {
        return ByteBuffer.wrap(bytes(folder, name)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] bytes(Path folder, String name) {
        Path plain = folder.resolve(name);
        Path packed = folder.resolve(name + ".gz");
        return bytes(Files.exists(plain) || !Files.exists(packed) ? plain : packed);
    }

    /** All of a file, unpacked if its name says that it is packed. */
    static byte[] bytes(Path file) {
        boolean packed = file.toString().endsWith(".gz");
        try (InputStream raw = Files.newInputStream(file);
             InputStream in = packed ? new GZIPInputStream(raw) : raw) {
            return in.readAllBytes();
        } catch (ZipException | EOFException broken) {
            throw new BadInput(file, "a whole gzip file: " + broken.getMessage());
        } catch (IOException _) {
            throw new BadInput(file, "a file that can be read");
        }
    }
}
