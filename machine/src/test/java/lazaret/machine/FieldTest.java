// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FieldTest {
    private enum Colour implements Coded {
        RED, GREEN, BLUE;

        @Override
        public int code() {
            return ordinal() * 2;
        }
    }

    private enum Twin implements Coded {
        A, B;

        @Override
        public int code() {
            return 1;
        }
    }

    private final Layout layout = new Layout("ENTRY", 2);

    @Test
    void a_field_takes_its_bits_out_of_a_word_and_puts_them_back() {
        Field f = layout.bits("F", 0, 15, 8);

        assertThat(f.mask()).isEqualTo(0xff00);
        assertThat(f.get(0x1234_5678)).isEqualTo(0x56);
        assertThat(f.in(0x1234_5678)).isEqualTo(0x5600);
        assertThat(f.prep(0xab)).isEqualTo(0xab00);
        assertThat(f.put(-1L, 0)).isEqualTo(0xffff_ffff_ffff_00ffL);
        assertThat(f.test(0xff)).isFalse();
        assertThat(f.test(0x8000)).isTrue();
    }

    @Test
    void every_range_of_bits_agrees_with_a_bit_by_bit_reference() {
        var random = new SplittableRandom(1);
        for (int msb = 0; msb < 64; msb++) {
            for (int lsb = 0; lsb <= msb; lsb++) {
                Field f = new Field(layout, "F", 0, msb, lsb, null, false);
                long word = random.nextLong();
                long expected = 0;
                long in = 0;
                for (int bit = lsb; bit <= msb; bit++) {
                    expected |= (word >>> bit & 1) << bit - lsb;
                    in |= word & 1L << bit;
                }
                assertThat(f.get(word)).isEqualTo(expected);
                assertThat(f.in(word)).isEqualTo(in);
                assertThat(f.prep(expected)).isEqualTo(in);
                assertThat(f.put(~word, expected)).isEqualTo(~word & ~f.mask() | in);
            }
        }
    }

    @Test
    void a_field_may_fill_its_word() {
        Field f = layout.bits("F", 1, 63, 0);

        assertThat(f.mask()).isEqualTo(-1L);
        assertThat(f.get(-5)).isEqualTo(-5);
        assertThat(f.prep(-5)).isEqualTo(-5);
        assertThat(f.of(new long[] {1, 7})).isEqualTo(7);
    }

    @Test
    void a_value_that_does_not_fit_is_refused_by_name() {
        Field f = layout.bits("F", 0, 7, 4);

        assertThat(f.prep(15)).isEqualTo(0xf0);
        assertThatThrownBy(() -> f.prep(16)).hasMessage("ENTRY.F cannot hold 0x10");
        assertThatThrownBy(() -> f.prep(-1)).hasMessage("ENTRY.F cannot hold 0xffffffffffffffff");
        assertThatThrownBy(() -> f.put(0, 16)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_bit_takes_a_boolean_and_an_enum_its_code() {
        Field bit = layout.bit("B", 0, 3);
        Field colour = layout.bits("C", 0, 6, 4, Colour.class);

        assertThat(bit.prep(true)).isEqualTo(8);
        assertThat(bit.prep(false)).isZero();
        assertThat(colour.prep(Colour.BLUE)).isEqualTo(0x40);
        assertThat(colour.put(-1L, Colour.GREEN)).isEqualTo(-1L & ~0x70 | 0x20);
    }

    @Test
    void a_value_is_shown_by_name_and_without_one_as_a_number() {
        Field colour = layout.bits("C", 0, 7, 0, Colour.class);
        Field plain = layout.bits("P", 1, 15, 0);

        assertThat(colour.show(2)).isEqualTo("GREEN");
        assertThat(colour.show(3)).isEqualTo("3");
        assertThat(plain.show(9)).isEqualTo("9");
        assertThat(plain.show(10)).isEqualTo("0xa");
    }

    @Test
    void bits_that_no_word_has_are_refused() {
        assertThatThrownBy(() -> layout.bits("F", 0, 64, 60)).hasMessage("ENTRY.F [64:60]");
        assertThatThrownBy(() -> layout.bits("F", 0, 3, 4)).hasMessage("ENTRY.F [3:4]");
        assertThatThrownBy(() -> layout.bits("F", 0, 3, -1)).hasMessage("ENTRY.F [3:-1]");
    }

    @Test
    void names_of_values_must_fit_and_differ() {
        assertThatThrownBy(() -> layout.bits("C", 0, 1, 0, Colour.class))
                .hasMessage("ENTRY.C cannot hold BLUE = 4");
        assertThatThrownBy(() -> layout.bits("T", 0, 1, 0, Twin.class))
                .hasMessage("ENTRY.T: A and B share a code");
    }
}
