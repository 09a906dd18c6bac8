// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TlbTest {
    private final Rig rig = new Rig();

    TlbTest() {
        rig.quiet();
    }

    @Test
    void a_few_pages_are_named_one_by_one_and_synced() {
        assertThat(rig.smmu.tlb().range(3, 0x1000, 0x2fff)).isEqualTo(Synced.OK);

        assertThat(rig.hw.trace).hasSize(3).satisfiesExactly(
                first -> assertThat(first).startsWith("TLBI_NH_VA ").contains("asid=0x3")
                        .contains("addr=0x1000"),
                second -> assertThat(second).contains("addr=0x2000"),
                last -> assertThat(last).startsWith("SYNC"));
    }

    @Test
    void bytes_in_the_middle_of_pages_mean_the_pages() {
        rig.smmu.tlb().range(3, 0x1fff, 0x2000);

        assertThat(rig.hw.trace).hasSize(3);
        assertThat(rig.hw.trace.getFirst()).contains("addr=0x1000");
    }

    @Test
    void many_pages_are_the_whole_address_space() {
        rig.smmu.tlb().range(3, 0, 16 * 4096 - 1);
        assertThat(rig.hw.trace).hasSize(17);
        rig.quiet();

        rig.smmu.tlb().range(3, 0, 17 * 4096 - 1);
        assertThat(rig.hw.trace).hasSize(2);
        assertThat(rig.hw.trace.getFirst()).startsWith("TLBI_NH_ASID");
    }
}
