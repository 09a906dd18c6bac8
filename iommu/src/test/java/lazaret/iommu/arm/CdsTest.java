// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CdsTest {
    private static final int OAS_48 = 5;

    @Test
    void stage_1_over_48_bits_is_what_the_kernel_writes() {
        assertThat(Cds.s1(0x9_0B00_0000L, 7, OAS_48))
                .containsExactly(0x0007E205C0003510L, 0x9_0B00_0000L, 0, 0xF404FF44L, 0, 0, 0, 0);
    }

    @Test
    void none_is_all_zeros() {
        assertThat(Cds.none()).containsOnly(0).hasSize(8);
    }
}
