// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElfCoreTest {
    private static final int NOTE = 4;
    private static final int LOAD = 1;

    @TempDir
    private Path folder;

    /** A core with a note and two stretches of two words each. */
    private static ByteBuffer core() {
        ByteBuffer elf = ByteBuffer.allocate(64 + 3 * 56 + 32).order(ByteOrder.LITTLE_ENDIAN);
        elf.putInt(0, 0x464c_457f).put(4, (byte) 2).put(5, (byte) 1).putShort(16, (short) 4)
                .putLong(32, 64).putShort(54, (short) 56).putShort(56, (short) 3);
        segment(elf, 0, NOTE, 64, 0, 8);
        segment(elf, 1, LOAD, 232, 0x8000_0000L, 16);
        segment(elf, 2, LOAD, 248, 0x4000_0000L, 16);
        return elf.putLong(232, 0x11).putLong(240, 0x22).putLong(248, 0x33).putLong(256, 0x44);
    }

    private static void segment(ByteBuffer elf, int number, int type, long offset, long pa, long size) {
        int at = 64 + 56 * number;
        elf.putInt(at, type).putLong(at + 8, offset).putLong(at + 16, 0xffff_0000_0000_0000L)
                .putLong(at + 24, pa).putLong(at + 32, size).putLong(at + 40, size);
    }

    private Path file(ByteBuffer elf) throws IOException {
        return Files.write(folder.resolve("core"), elf.array());
    }

    private void refused(ByteBuffer elf, String expected) throws IOException {
        Path core = file(elf);
        assertThatThrownBy(() -> RawImage.core(core)).isInstanceOf(BadInput.class)
                .hasMessageContaining(core.toString()).hasMessageContaining(expected);
    }

    @Test
    void each_segment_is_physical_memory_where_it_says() throws IOException {
        RawImage memory = RawImage.core(file(core()));
        assertThat(memory.load(0x4000_0000L)).isEqualTo(0x33);
        assertThat(memory.load(0x4000_0008L)).isEqualTo(0x44);
        assertThat(memory.load(0x8000_0008L)).isEqualTo(0x22);
        assertThat(memory.backs(0x8000_0008L)).isTrue();
        assertThat(memory.backs(0x8000_0010L)).isFalse();
        assertThat(memory.backs(0x7fff_fff8L)).isFalse();
        assertThat(memory.backs(0)).isFalse();
    }

    @Test
    void very_many_segments_are_counted_elsewhere() throws IOException {
        ByteBuffer wide = ByteBuffer.allocate(core().capacity() + 64).order(ByteOrder.LITTLE_ENDIAN);
        wide.put(0, core().array());
        wide.putShort(56, (short) 0xffff).putLong(40, core().capacity()).putInt(core().capacity() + 44, 3);
        assertThat(RawImage.core(file(wide)).load(0x8000_0000L)).isEqualTo(0x11);
    }

    @Test
    void what_is_no_such_core_is_refused_with_what_was_expected() throws IOException {
        refused(ByteBuffer.wrap("KDUMP   and more".getBytes()), "not a compressed dump; makedumpfile -E");
        refused(ByteBuffer.wrap(new byte[100]), "an ELF core, or --base PA");
        refused(core().put(5, (byte) 2), "64 bits, little-endian");
        refused(core().putShort(16, (short) 2), "not an ELF file of type 2");
        refused(core().putShort(54, (short) 32), "program headers inside the file");
        refused(core().putLong(64 + 56 + 32, 1 << 20), "it was cut off");
        refused(core().putInt(64 + 56, NOTE).putInt(64 + 112, NOTE), "at least one segment");
    }
}
