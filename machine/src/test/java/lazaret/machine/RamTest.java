// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RamTest {
    private static final long LIMIT = 1L << 36;

    private final Undo undo = new Undo();
    private final Ram ram = new Ram(undo, LIMIT);

    @Test
    void a_word_is_what_was_stored_last_and_zero_before() {
        assertThat(ram.load(0x1000)).isZero();
        ram.store(0x1000, -7);
        ram.store(0x1008, 8);

        assertThat(ram.load(0x1000)).isEqualTo(-7);
        assertThat(ram.load(0x1008)).isEqualTo(8);
        assertThat(ram.load(0x0ff8)).isZero();
    }

    @Test
    void reading_or_zeroing_untouched_memory_brings_no_frame_into_being() {
        for (long pa = 0; pa < 10_000L << 12; pa += 4096) {
            assertThat(ram.load(pa)).isZero();
            ram.store(pa, 0);
            ram.clear(pa);
        }

        assertThat(ram.frames()).isZero();
        ram.store(0x3000, 1);
        assertThat(ram.frames()).isEqualTo(1);
    }

    @Test
    void memory_ends_at_the_limit() {
        ram.store(LIMIT - 8, 1);

        assertThat(ram.load(LIMIT - 8)).isEqualTo(1);
        assertThat(ram.backs(0)).isTrue();
        assertThat(ram.backs(LIMIT - 1)).isTrue();
        assertThat(ram.backs(LIMIT)).isFalse();
        assertThat(ram.backs(-1)).isFalse();
        assertThat(ram.limit()).isEqualTo(LIMIT);
        assertThatThrownBy(() -> ram.load(LIMIT)).isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("no memory at 0x1000000000");
        assertThatThrownBy(() -> ram.store(-8, 1)).hasMessage("no memory at 0xfffffffffffffff8");
        assertThatThrownBy(() -> ram.clear(LIMIT)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void a_limit_that_is_no_number_of_frames_is_refused() {
        assertThatThrownBy(() -> new Ram(undo, 4095)).hasMessageContaining("4095");
        assertThatThrownBy(() -> new Ram(undo, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Ram(undo, -4096)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void unaligned_accesses_are_refused() {
        assertThatThrownBy(() -> ram.load(0x1004)).hasMessage("unaligned word at 0x1004");
        assertThatThrownBy(() -> ram.store(0x1001, 0)).hasMessage("unaligned word at 0x1001");
        assertThatThrownBy(() -> ram.load32(0x1002)).hasMessage("unaligned half-word at 0x1002");
        assertThatThrownBy(() -> ram.store32(0x1001, 0)).hasMessage("unaligned half-word at 0x1001");
    }

    @Test
    void halves_of_a_word_are_little_endian_and_leave_the_other_half_alone() {
        ram.store(0x2000, 0x1122_3344_8877_6655L);

        assertThat(ram.load32(0x2000)).isEqualTo(0x8877_6655);
        assertThat(ram.load32(0x2004)).isEqualTo(0x1122_3344);
        ram.store32(0x2000, -1);
        assertThat(ram.load(0x2000)).isEqualTo(0x1122_3344_ffff_ffffL);
        ram.store32(0x2004, 0x8000_0000);
        assertThat(ram.load(0x2000)).isEqualTo(0x8000_0000_ffff_ffffL);
    }

    @Test
    void clear_zeroes_one_frame_and_no_other() {
        ram.store(0x1ff8, 1);
        ram.store(0x2000, 2);
        ram.store(0x2ff8, 3);
        ram.store(0x3000, 4);
        ram.clear(0x2468);

        assertThat(ram.load(0x1ff8)).isEqualTo(1);
        assertThat(ram.load(0x2000)).isZero();
        assertThat(ram.load(0x2ff8)).isZero();
        assertThat(ram.load(0x3000)).isEqualTo(4);
    }

    @Test
    void a_frame_counts_its_owners_and_is_poisoned_between_them() {
        Frame frame = ram.frame(0x5008);

        assertThat(ram.frame(0x5ff8)).isSameAs(frame);
        assertThat(frame.epoch()).isZero();
        assertThat(frame.poisoned()).isFalse();
        frame.assign("cpu0");
        assertThat(frame.owner()).isEqualTo("cpu0");
        frame.release();
        assertThat(frame.poisoned()).isTrue();
        assertThat(frame.owner()).isEmpty();
        assertThat(frame.epoch()).isEqualTo(1);
        frame.assign("nvme");
        assertThat(frame.poisoned()).isFalse();
        assertThat(frame.epoch()).isEqualTo(2);
    }

    @Test
    void roll_back_restores_words_owners_epochs_and_poison() {
        Frame frame = ram.frame(0x5000);
        frame.assign("cpu0");
        ram.store(0x5000, 1);
        undo.mark();

        frame.release();
        frame.assign("nvme");
        frame.release();
        ram.store(0x5000, 2);
        ram.store(0x9000, 3);
        undo.rollback();

        assertThat(frame.owner()).isEqualTo("cpu0");
        assertThat(frame.epoch()).isEqualTo(1);
        assertThat(frame.poisoned()).isFalse();
        assertThat(ram.load(0x5000)).isEqualTo(1);
        assertThat(ram.load(0x9000)).isZero();
    }

    @Test
    void random_accesses_over_many_frames_agree_with_a_map() {
        var random = new SplittableRandom(4);
        var oracle = new TreeMap<Long, Long>();
        long[] frames = random.longs(1000, 0, LIMIT >>> 12).toArray();
        for (int i = 0; i < 200_000; i++) {
            long pa = frames[random.nextInt(frames.length)] << 12 | random.nextInt(512) << 3;
            step(random, oracle, pa);
        }
        oracle.forEach((pa, word) -> assertThat(ram.load(pa)).isEqualTo(word));
        assertThat(ram.frames()).isBetween(900, 1000);
    }

    @Test
    void roll_back_agrees_with_a_map_that_was_copied_at_the_mark() {
        var random = new SplittableRandom(5);
        var oracle = new TreeMap<Long, Long>();
        for (int i = 0; i < 500; i++) {
            step(random, oracle, random.nextLong(1 << 17) & ~7);
        }
        undo.mark();
        for (int round = 0; round < 10; round++) {
            var copy = new TreeMap<>(oracle);
            for (int i = 0; i < 2000; i++) {
                step(random, copy, random.nextLong(1 << 20) & ~7);
            }
            undo.rollback();
            for (long pa = 0; pa < 1 << 20; pa += 8) {
                assertThat(ram.load(pa)).isEqualTo(oracle.getOrDefault(pa, 0L));
            }
        }
    }

    private void step(SplittableRandom random, TreeMap<Long, Long> oracle, long pa) {
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> assertThat(ram.load(pa)).isEqualTo(oracle.getOrDefault(pa, 0L));
            case 3 -> {
                ram.store(pa, 0);
                oracle.put(pa, 0L);
            }
            case 4 -> {
                int half = random.nextInt();
                boolean high = random.nextBoolean();
                ram.store32(high ? pa + 4 : pa, half);
                long old = oracle.getOrDefault(pa, 0L);
                long low = half & 0xffff_ffffL;
                oracle.put(pa, high ? old & 0xffff_ffffL | low << 32 : old >>> 32 << 32 | low);
            }
            default -> {
                long word = random.nextLong();
                ram.store(pa, word);
                oracle.put(pa, word);
            }
        }
    }
}
