// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StreamTableTest {
    private static final long BASE = 0x8_8000_0000L;

    @Test
    void a_linear_table_is_an_array() {
        StreamTable table = table(BASE, 8, 0, 0);

        assertThat(table.fmt()).isEqualTo(StreamTable.Fmt.LINEAR);
        assertThat(table.ste(0)).isEqualTo(BASE);
        assertThat(table.ste(0xff)).isEqualTo(BASE + 0xff * 64);
        assertThat(table.contains(0xff)).isTrue();
        assertThat(table.contains(0x100)).isFalse();
        assertThat(table.contains(-1)).isFalse();
    }

    @Test
    void no_table_is_larger_than_the_smmu() {
        assertThat(table(BASE, 63, 0, 0).contains(0xffff)).isTrue();
        assertThat(table(BASE, 63, 0, 0).contains(0x1_0000)).isFalse();
        assertThat(StreamTable.of(BASE, StrtabBaseCfg.LOG2SIZE.prep(32), 32).contains(-1)).isTrue();
    }

    @Test
    void a_base_is_aligned_to_the_size_as_written() {
        assertThat(table(BASE | 0x40, 0, 0, 0).base()).isEqualTo(BASE | 0x40);
        assertThat(table(BASE | 0x1040, 6, 0, 0).base()).isEqualTo(BASE | 0x1000);
        assertThat(table(BASE | 0x1_1040, 17, 8, 1).base()).as("2^9 descriptors").isEqualTo(BASE | 0x1_1000);
        assertThat(table(BASE | 0x1040, 8, 8, 1).base()).as("at least 64 bytes").isEqualTo(BASE | 0x1040);
        assertThat(table(BASE, 63, 0, 0).base()).isZero();
    }

    @Test
    void a_two_level_table_splits_the_stream_id() {
        StreamTable table = table(BASE, 16, 8, 1);

        assertThat(table.fmt()).isEqualTo(StreamTable.Fmt.TWO_LEVEL);
        assertThat(table.l1std(0x1334)).isEqualTo(BASE + 0x13 * 8);
        assertThat(table.ste(0x1334, 0x9_0000_0000L | 9)).isEqualTo(0x9_0000_0000L + 0x34 * 64);
        assertThat(table.ste(0x1334, 0x9_0000_0000L | 10)).as("span too wide").isEqualTo(StreamTable.NOWHERE);
    }

    @Test
    void a_split_that_does_not_exist_is_6() {
        assertThat(table(BASE, 16, 7, 1).split()).isEqualTo(6);
        assertThat(table(BASE, 16, 6, 1).split()).isEqualTo(6);
        assertThat(table(BASE, 16, 10, 1).split()).isEqualTo(10);
        assertThat(table(BASE, 16, 0, 2).fmt()).as("so with FMT").isEqualTo(StreamTable.Fmt.LINEAR);
        assertThat(table(BASE, 16, 0, 3).fmt()).isEqualTo(StreamTable.Fmt.LINEAR);
    }

    @Test
    void a_second_level_is_aligned_to_its_span() {
        assertThat(L1Std.l2Ptr(0x9_0000_0040L | 1)).isEqualTo(0x9_0000_0040L);
        assertThat(L1Std.l2Ptr(0x9_0000_1fc0L | 9)).isEqualTo(0x9_0000_0000L);
        assertThat(L1Std.entries(11)).isEqualTo(1024);
        assertThat(L1Std.entries(12)).isZero();
    }

    private static StreamTable table(long base, int log2size, int split, int fmt) {
        long shape = StrtabBaseCfg.SPLIT.prep(split) | StrtabBaseCfg.FMT.prep(fmt);
        return StreamTable.of(base | StrtabBase.RA.mask(), StrtabBaseCfg.LOG2SIZE.prep(log2size) | shape, 16);
    }
}
