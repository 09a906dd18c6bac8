// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import lazaret.machine.Memory;
import lazaret.smmuv3.Idr;
import lazaret.smmuv3.Regs;

/**
 * Physical memory byte by byte: from one address on, as QEMU's {@code pmemsave} writes it, or in stretches,
 * as an ELF core has it. Only what is looked at is read.
 */
public final class RawImage implements Memory {
    private static final ValueLayout.OfLong WORD =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** By first address. */
    private final NavigableMap<Long, MemorySegment> stretches;

    private RawImage(NavigableMap<Long, MemorySegment> stretches) {
        this.stretches = stretches;
    }

    /** @param base physical address of the first byte */
    public static RawImage open(Path file, long base) {
        return new RawImage(new TreeMap<>(Map.of(base, mapped(file))));
    }

    /**
     * An ELF core of a machine, as QEMU's {@code dump-guest-memory} writes it.
     *
     * @throws BadInput if it is none
     */
    public static RawImage core(Path file) {
        return new RawImage(new ElfCore(file, mapped(file)).stretches());
    }

    private static MemorySegment mapped(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            return channel.map(MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
        } catch (IOException _) {
            throw new BadInput(file, "a memory image that can be read");
        }
    }

    /**
     * The registers of an SMMU from a file with a name and a value on each line, {@code IDR0 0x0d44101b}.
     * IDR0, IDR1, IDR5, STRTAB_BASE and STRTAB_BASE_CFG must be there; the others are 0, and CR0 is 1.
     */
    public static Regs regs(Path file) {
        var values = new TreeMap<String, Long>();
        int number = 0;
        for (String line : text(file).split("\\R")) {
            number++;
            String[] words = line.replaceFirst("#.*", "").strip().split("[\\s=:]+");
            if (words.length == 2) {
                values.put(words[0].toUpperCase(java.util.Locale.ROOT), value(file, number, words[1]));
            } else if (!words[0].isEmpty()) {
                throw new BadInput(file, number, "a register and its value, such as IDR0 0x0d44101b");
            }
        }
        var idr = new Idr(needed(file, values, "IDR0"), needed(file, values, "IDR1"),
                values.getOrDefault("IDR3", 0L), needed(file, values, "IDR5"));
        return new Regs(idr, values.getOrDefault("CR0", 1L), values.getOrDefault("CR2", 0L),
                values.getOrDefault("GBPA", 0L), needed(file, values, "STRTAB_BASE"),
                needed(file, values, "STRTAB_BASE_CFG"));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException _) {
            throw new BadInput(file, "a file with registers that can be read");
        }
    }

    private static long value(Path file, int line, String text) {
        try {
            return Long.parseUnsignedLong(text.startsWith("0x") ? text.substring(2) : text, 16);
        } catch (NumberFormatException _) {
            throw new BadInput(file, line, "a hexadecimal value, not \"" + text + "\"");
        }
    }

    private static long needed(Path file, Map<String, Long> values, String name) {
        Long value = values.get(name);
        if (value == null) {
            throw new BadInput(file, "a line for " + name);
        }
        return value;
    }

    @Override
    public boolean backs(long pa) {
        Map.Entry<Long, MemorySegment> stretch = stretches.floorEntry(pa);
        return stretch != null && pa - stretch.getKey() <= stretch.getValue().byteSize() - Long.BYTES;
    }

    @Override
    public long load(long pa) {
        Map.Entry<Long, MemorySegment> stretch = stretches.floorEntry(pa);
        return stretch.getValue().get(WORD, pa - stretch.getKey());
    }

    @Override
    public void store(long pa, long word) {
        throw new UnsupportedOperationException("an image does not change");
    }
}
