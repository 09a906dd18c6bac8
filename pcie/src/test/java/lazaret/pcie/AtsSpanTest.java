// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AtsSpanTest {
    // id, any address in the range, log2 of pages, request body: transcribed, not computed
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "A1, 12345000,      0, 0000000012345000",
        "A2, 8000,          2, 0000000000009800",
        "A4, 200000,        9, 00000000002FF800",
        "A5, 1FF000,       10, 00000000001FF800",
        "A6, 0,            52, 7FFFFFFFFFFFF800",
        "A7, 123456788000,  1, 0000123456788800",
        "A8, 123456789000,  3, 000012345678B800",
        "A9, 123456789000, 18, 000012345FFFF800",
    })
    void ranges_are_coded_as_the_vectors_say(String id, String address, int size, String body) {
        long word = Long.parseUnsignedLong(body, 16);
        long any = Long.parseUnsignedLong(address, 16);

        assertThat(AtsSpan.encode(any, size)).as(id).isEqualTo(word);
        assertThat(AtsSpan.decode(word)).isEqualTo(new AtsSpan(any & ~AtsSpan.offsets(size), size));
        assertThat(AtsSpan.decode(word).encode()).isEqualTo(word);
    }

    @Test
    void every_size_survives_coding_at_random_addresses() {
        var random = new SplittableRandom(1);
        for (int i = 0; i < 20_000; i++) {
            int size = random.nextInt(AtsSpan.ALL + 1);
            long address = random.nextLong();
            long low = random.nextInt(1 << 11);             // bits that are not part of the coding

            AtsSpan span = AtsSpan.decode(AtsSpan.encode(address, size) | low);

            assertThat(span.size()).isEqualTo(size);
            assertThat(Long.compareUnsigned(span.address(), address)).isNotPositive();
            assertThat(Long.compareUnsigned(span.last(), address)).isNotNegative();
        }
    }

    @Test
    void covering_and_overlapping_are_what_the_bounds_say() {
        var random = new SplittableRandom(2);
        for (int i = 0; i < 20_000; i++) {
            long a = AtsSpan.encode(random.nextLong(1 << 20), random.nextInt(6));
            long b = AtsSpan.encode(random.nextLong(1 << 20), random.nextInt(6));
            AtsSpan one = AtsSpan.decode(a);
            AtsSpan two = AtsSpan.decode(b);
            boolean common = one.address() <= two.last() && two.address() <= one.last();

            assertThat(AtsSpan.overlap(a, b)).isEqualTo(common);
            long address = random.nextLong(1 << 20);
            boolean inside = one.address() <= address && address <= one.last();
            assertThat(AtsSpan.covers(a, address)).isEqualTo(inside);
        }
    }

    @Test
    void everything_covers_everything() {
        long all = AtsSpan.encode(0x1234_5678, AtsSpan.ALL);

        assertThat(AtsSpan.base(all)).isZero();
        assertThat(AtsSpan.covers(all, -1)).isTrue();
        assertThat(AtsSpan.overlap(all, AtsSpan.encode(-1, 0))).isTrue();
    }

    @Test
    void all_ones_count_as_everything() {
        assertThat(AtsSpan.size(-1)).isEqualTo(AtsSpan.ALL);
    }

    @Test
    void a_span_is_aligned_to_its_size() {
        assertThatIllegalArgumentException().isThrownBy(() -> new AtsSpan(0x1000, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new AtsSpan(0, 53));
        assertThatIllegalArgumentException().isThrownBy(() -> AtsSpan.encode(0, 53));
        assertThatIllegalArgumentException().isThrownBy(() -> AtsSpan.encode(0, -1));
    }

    @Test
    void a_span_prints_its_first_and_last_byte() {
        assertThat(new AtsSpan(0x8000, 2)).hasToString("0x8000…0xbfff");
    }
}
