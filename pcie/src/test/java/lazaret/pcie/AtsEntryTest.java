// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AtsEntryTest {
    private static final long RW = AtsEntry.R.mask() | AtsEntry.W.mask();

    // target, log2 of pages, flags, entry: transcribed, not computed
    @ParameterizedTest
    @CsvSource({
        "8AA55D000, 0,  3, 00000008AA55D003",
        "8AA55D000, 0,  1, 00000008AA55D001",
        "8AA550000, 4,  3, 00000008AA557803",
        "8C0000000, 9,  3, 00000008C00FF803",
        "0,         52, 3, 7FFFFFFFFFFFF803",
    })
    void entries_are_coded_as_the_vectors_say(String target, int size, long flags, String entry) {
        long pa = Long.parseUnsignedLong(target, 16);
        long word = Long.parseUnsignedLong(entry, 16);

        assertThat(AtsEntry.encode(pa, size, flags)).isEqualTo(word);
        assertThat(AtsEntry.translate(word, 0x89c)).isEqualTo(pa + 0x89c);
    }

    @Test
    void an_offset_inside_a_large_page_survives_translation() {
        long block = AtsEntry.encode(0x8_c000_0000L, 9, RW);

        assertThat(AtsEntry.translate(block, 0x7f12_3456_7898L)).isEqualTo(0x8_c016_7898L);
    }

    @Test
    void identity_translates_to_the_same_address() {
        long identity = 0x7FFF_FFFF_FFFF_F803L;
        assertThat(AtsEntry.translate(identity, 0xffff_1234_5678L)).isEqualTo(0xffff_1234_5678L);
    }

    @Test
    void without_read_and_write_an_entry_denies() {
        assertThat(AtsEntry.denies(0)).isTrue();
        long others = AtsEntry.U.mask() | AtsEntry.GLOBAL.mask();
        assertThat(AtsEntry.denies(AtsEntry.encode(0x1000, 3, others))).isTrue();
        assertThat(AtsEntry.denies(AtsEntry.R.mask())).isFalse();
        assertThat(AtsEntry.denies(AtsEntry.W.mask())).isFalse();
    }

    @Test
    void only_bits_nine_to_seven_are_reserved() {
        assertThat(AtsEntry.ATS_ENTRY.res0(0)).isEqualTo(0x380);
    }
}
