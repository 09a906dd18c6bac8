// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import static org.assertj.core.api.Assertions.assertThat;

import lazaret.smmuv3.Ste;
import org.junit.jupiter.api.Test;

class StesTest {
    @Test
    void abort_is_valid_and_says_nothing_else() {
        assertThat(Stes.abort()).containsExactly(1, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void bypass_keeps_the_shareability_that_comes_in() {
        assertThat(Stes.bypass()).containsExactly(9, 1L << 44, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void stage_1_with_ats_is_what_the_kernel_writes() {
        assertThat(Stes.s1(0x8_8123_0000L, Ste.Eats.TRANS, true))
                .containsExactly(0x8_8123_000BL, 0x180000D6L, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void stage_1_without_ats_differs_in_one_field() {
        Ste with = Ste.of(Stes.s1(0x1000, Ste.Eats.TRANS, true));
        Ste without = Ste.of(Stes.s1(0x1000, Ste.Eats.ABT, true));

        assertThat(Ste.STE.diff(with.words(), without.words())).isEqualTo("STE{EATS TRANS→ABT}");
    }

    @Test
    void stalls_are_forbidden_only_where_there_are_any() {
        assertThat(Ste.S1STALLD.test(Stes.s1(0x1000, Ste.Eats.ABT, false)[1])).isFalse();
    }
}
