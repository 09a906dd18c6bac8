// SPDX-License-Identifier: Apache-2.0
package lazaret.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** A real QEMU; not run where there is none. */
class BoardTest {
    private static final Path QEMU = Path.of("/usr/bin/qemu-system-aarch64");
    private static final long PAGE = 0x8000_0000L;

    /** Says which test is not run where there is none, and does not run it. */
    @BeforeEach
    void needsQemu(TestInfo test) {
        if (!Files.isExecutable(QEMU)) {
            String why = "not run: " + getClass().getSimpleName() + "." + test.getDisplayName()
                    + ": there is no " + QEMU;
            System.err.println(why);
            abort(why);
        }
    }

    private static Board board() {
        return Board.start(QEMU);
    }

    @Test
    void the_smmu_says_what_it_is() {
        try (Board board = board()) {
            assertThat(board.smmu().read32(0)).isNotZero();
            assertThat(board.version()).matches("\\d+\\.\\d+\\.\\d+");
        }
    }

    @Test
    void words_come_back_as_they_were_stored() {
        try (Board board = board()) {
            Qtest memory = board.memory();
            memory.store(PAGE, 0x1122_3344_5566_7788L);
            memory.store32(PAGE + 12, 0xabcd);
            assertThat(memory.load(PAGE)).isEqualTo(0x1122_3344_5566_7788L);
            assertThat(memory.load(new long[] {PAGE, PAGE + 8})).containsExactly(0x1122_3344_5566_7788L,
                    0xabcd_0000_0000L);
            assertThat(memory.stretches(new long[] {PAGE}, 16).getFirst()).containsExactly(
                    0x1122_3344_5566_7788L, 0xabcd_0000_0000L);
        }
    }

    @Test
    void every_function_writes_to_memory_while_the_smmu_is_off() {
        try (Board board = board()) {
            for (int rid : new int[] {Board.ROOT_RID, 0x100, 0x101, 0x200, 0x401}) {
                Edu edu = board.function(rid);
                int written = edu.write(PAGE + rid * 8L);
                assertThat(board.memory().load32(PAGE + rid * 8L)).as("rid %x", rid).isEqualTo(written);
            }
        }
    }
}
