// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The headers of an ELF core of a machine, as QEMU's {@code dump-guest-memory} writes it: each loadable
 * segment is a stretch of physical memory. 64 bits, little-endian.
 */
record ElfCore(Path file, MemorySegment bytes) {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(
            ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(
            ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(
            ByteOrder.LITTLE_ENDIAN);

    private static final int HEADER = 64;
    private static final int MAGIC = 0x464c_457f;
    private static final int CLASS64_LITTLE = 0x0102;
    private static final int TYPE = 16;
    private static final int CORE = 4;
    private static final int PHOFF = 32;
    private static final int SHOFF = 40;
    private static final int PHENTSIZE = 54;
    private static final int PHNUM = 56;
    /** So many program headers that the number stands in the first section header. */
    private static final int MANY = 0xffff;
    private static final int INFO = 44;

    private static final int PROGRAM_HEADER = 56;
    private static final int LOAD = 1;
    private static final int OFFSET = 8;
    private static final int PADDR = 24;
    private static final int FILESZ = 32;

    /** Physical memory by the first address of each stretch. */
    NavigableMap<Long, MemorySegment> stretches() {
        check();
        var stretches = new TreeMap<Long, MemorySegment>();
        long size = unsigned(PHENTSIZE);
        long at = word(PHOFF);
        for (long left = headers(); left > 0; left--, at += size) {
            if (size < PROGRAM_HEADER || !holds(at, PROGRAM_HEADER)) {
                throw bad("program headers inside the file, of " + PROGRAM_HEADER + " bytes at least");
            }
            long bytesThere = word(at + FILESZ);
            if (bytes.get(INT, at) == LOAD && bytesThere > 0) {
                if (!holds(word(at + OFFSET), bytesThere)) {
                    throw bad("all of the memory that its headers speak of; it was cut off");
                }
                stretches.put(word(at + PADDR), bytes.asSlice(word(at + OFFSET), bytesThere));
            }
        }
        if (stretches.isEmpty()) {
            throw bad("at least one segment with memory (PT_LOAD)");
        }
        return stretches;
    }

    private void check() {
        if (starts("KDUMP") || starts("DISKDUMP") || starts("makedump")) {
            throw bad("an ELF core, not a compressed dump; makedumpfile -E and dump-guest-memory without a"
                    + " format write one");
        }
        if (!holds(0, HEADER) || bytes.get(INT, 0) != MAGIC) {
            throw bad("an ELF core, or --base PA for memory byte by byte");
        }
        if (unsigned(4) != CLASS64_LITTLE) {
            throw bad("an ELF core of 64 bits, little-endian");
        }
        if (unsigned(TYPE) != CORE) {
            throw bad("an ELF core, not an ELF file of type " + unsigned(TYPE));
        }
    }

    private long headers() {
        long number = unsigned(PHNUM);
        if (number < MANY) {
            return number;
        }
        if (!holds(word(SHOFF), HEADER)) {
            throw bad("the section header that says how many segments there are");
        }
        return Integer.toUnsignedLong(bytes.get(INT, word(SHOFF) + INFO));
    }

    private boolean starts(String magic) {
        byte[] first = magic.getBytes(StandardCharsets.US_ASCII);
        return holds(0, first.length)
                && bytes.asSlice(0, first.length).mismatch(MemorySegment.ofArray(first)) < 0;
    }

    private boolean holds(long at, long length) {
        return at >= 0 && length >= 0 && at <= bytes.byteSize() - length;
    }

    private long word(long at) {
        return bytes.get(LONG, at);
    }

    private int unsigned(long at) {
        return Short.toUnsignedInt(bytes.get(SHORT, at));
    }

    private BadInput bad(String expected) {
        return new BadInput(file, expected);
    }
}
