// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LayoutTest {
    private enum Mode implements Coded {
        ABORT, BYPASS, TRANS;

        @Override
        public int code() {
            return ordinal();
        }
    }

    private final Layout layout = new Layout("STE", 2);
    private final Field valid = layout.bit("V", 0, 0);
    private final Field mode = layout.bits("Config", 0, 3, 1, Mode.class);
    private final Field pointer = layout.bits("Ptr", 1, 51, 6);
    private final Field hint = layout.tag("Hint", 1, 63, 62);

    @Test
    void print_shows_what_is_not_zero_in_the_order_of_the_table() {
        assertThat(layout.print(0, 0)).isEqualTo("STE[]");
        assertThat(layout.print(valid.prep(1) | mode.prep(Mode.TRANS), pointer.prep(0x40)))
                .isEqualTo("STE[V=1 Config=TRANS Ptr=0x40]");
    }

    @Test
    void diff_shows_the_fields_that_changed_and_nothing_else() {
        long[] before = {valid.prep(1) | mode.prep(Mode.TRANS), 0};
        long[] after = {valid.prep(1) | mode.prep(Mode.ABORT), hint.prep(3)};

        assertThat(layout.diff(before, before)).isEqualTo("STE{}");
        assertThat(layout.diff(before, after)).isEqualTo("STE{Config TRANS→ABORT Hint 0→3}");
    }

    @Test
    void reserved_bits_are_those_that_no_field_covers() {
        assertThat(layout.res0(0)).isEqualTo(~0xfL);
        assertThat(layout.res0(1)).isEqualTo(~(valueMask(51, 6) | valueMask(63, 62)));
    }

    @Test
    void fields_are_listed_in_the_order_of_the_table_and_only_tags_are_tags() {
        assertThat(layout.fields()).containsExactly(valid, mode, pointer, hint);
        assertThat(layout.fields()).filteredOn(Field::tag).containsExactly(hint);
        assertThat(layout.words()).isEqualTo(2);
    }

    @Test
    void fields_that_overlap_are_refused() {
        assertThatThrownBy(() -> layout.bits("Other", 0, 5, 3)).hasMessage("STE: Other overlaps Config");
        assertThatThrownBy(() -> layout.bit("Other", 1, 62)).hasMessage("STE: Other overlaps Hint");
        assertThat(layout.bits("Free", 0, 5, 4).mask()).isEqualTo(0x30);
    }

    @Test
    void two_fields_of_one_name_are_refused() {
        assertThatThrownBy(() -> layout.bit("V", 1, 0)).hasMessage("STE has two fields V");
    }

    @Test
    void a_word_that_the_structure_does_not_have_is_refused() {
        assertThatThrownBy(() -> layout.bit("X", 2, 0)).hasMessage("STE has no word 2");
        assertThatThrownBy(() -> layout.bit("X", -1, 0)).hasMessage("STE has no word -1");
    }

    @Test
    void a_structure_of_another_size_is_refused() {
        assertThatThrownBy(() -> layout.print(1)).hasMessage("STE has 2 words, not 1");
        assertThatThrownBy(() -> layout.diff(new long[2], new long[3])).hasMessage("STE has 2 words, not 3");
    }

    @Test
    void random_words_print_and_diff_without_exception_and_a_diff_is_empty_only_for_equal_fields() {
        var random = new SplittableRandom(2);
        for (int i = 0; i < 10_000; i++) {
            long[] a = {random.nextLong(), random.nextLong()};
            long[] b = {a[0] ^ 1L << random.nextInt(64), a[1]};
            boolean covered = ((a[0] ^ b[0]) & layout.res0(0)) == 0;

            assertThat(layout.print(a)).startsWith("STE[").endsWith("]");
            assertThat(layout.diff(a, b).equals("STE{}")).isEqualTo(!covered);
        }
    }

    private static long valueMask(int msb, int lsb) {
        return msb == 63 ? -1L << lsb : (1L << msb + 1) - (1L << lsb);
    }
}
