// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import static lazaret.smmuv3.Setup.CD;
import static lazaret.smmuv3.Setup.CDTAB;
import static lazaret.smmuv3.Setup.VA;
import static lazaret.smmuv3.Setup.aborted;
import static lazaret.smmuv3.Setup.fault;
import static lazaret.smmuv3.Setup.origin;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Tables of all granules and sizes. Tests named after a vector begin with its number. */
class GranuleTest {
    private static final int TG_4K = 0;
    private static final int TG_64K = 1;
    private static final int TG_16K = 2;
    private static final long VA16 = 0x3F12_3456_789CL;
    private static final long LEAF = 0xF44;
    private static final long BLOCK = 1;
    private static final long PAGE = 3;
    private static final long TABLE = 3;

    /** Lowest bit of the index at levels 0 … 3, of each granule; 0 where the granule has no such level. */
    private static final int[] LOW_4K = {39, 30, 21, 12};
    private static final int[] LOW_16K = {47, 36, 25, 14};
    private static final int[] LOW_64K = {0, 42, 29, 16};

    private final Setup setup = new Setup();
    private final SplittableRandom random = new SplittableRandom(16);

    @Test
    void w16_64_kib() {
        stage1(TG_64K, 16, 0x9_0C00_0000L);
        setup.memory.store(0x9_0C00_00F8L, 0x9_0C01_0003L);
        setup.memory.store(0x9_0C01_C488L, 0x9_0C02_0003L);
        setup.memory.store(0x9_0C02_A2B0L, 0x8_AA55_0F47L);

        assertThat(goesTo(VA)).isEqualTo(0x8_AA55_789CL);
    }

    @Test
    void w18_16_kib() {
        stage1(TG_16K, 17, 0x9_0D00_0000L);
        setup.memory.store(0x9_0D00_1F88L, 0x9_0D00_4003L);
        setup.memory.store(0x9_0D00_48D0L, 0x9_0D00_8003L);
        setup.memory.store(0x9_0D00_8AC8L, 0x8_AA55_CF47L);

        assertThat(goesTo(VA16)).isEqualTo(0x8_AA55_F89CL);
    }

    @Test
    void w19_a_block_of_32_mib() {
        stage1(TG_16K, 17, 0x9_0D00_0000L);
        setup.memory.store(0x9_0D00_1F88L, 0x9_0D00_4003L);
        setup.memory.store(0x9_0D00_48D0L, 0x8_E000_0F45L);

        assertThat(goesTo(VA16)).isEqualTo(0x8_E056_789CL);
    }

    @Test
    void every_size_of_every_granule_in_both_halves_starts_where_it_should() {
        setup.idr = setup.idr.with(Idr3.STT, 1);
        for (int txsz = 16; txsz <= 48; txsz++) {
            check(TG_4K, LOW_4K, txsz, txsz <= 24 ? 0 : txsz <= 33 ? 1 : txsz <= 42 ? 2 : 3);
            check(TG_16K, LOW_16K, txsz, txsz == 16 ? 0 : txsz <= 27 ? 1 : txsz <= 38 ? 2 : 3);
            if (txsz < 48) {
                check(TG_64K, LOW_64K, txsz, txsz <= 21 ? 1 : txsz <= 34 ? 2 : 3);
            }
        }
    }

    private void check(int tg, int[] low, int txsz, int start) {
        long va = random.nextLong() >>> txsz;
        setup.cd(CDTAB, CD.with(Cd.TG0, tg).with(Cd.T0SZ, txsz).with(Cd.TTB0, 0x9_0000_0000L >> 4));
        long pa = map(va, 64 - txsz, low, start);
        assertThat(goesTo(va)).as("TG0=%d T0SZ=%d", tg, txsz).isEqualTo(pa | va & (1L << low[3]) - 1);

        long upper = va | -1L << 64 - txsz;
        int tg1 = tg == TG_4K ? 2 : tg == TG_16K ? 1 : 3;
        setup.cd(CDTAB, CD.with(Cd.EPD0, 1).with(Cd.EPD1, 0).with(Cd.TG1, tg1).with(Cd.T1SZ, txsz)
                .with(Cd.TTB1, 0x9_0000_0000L >> 4));
        assertThat(goesTo(upper)).as("TG1=%d T1SZ=%d", tg1, txsz).isEqualTo(pa | va & (1L << low[3]) - 1);
        if (txsz < 48) {                                        // 16 bits and more
            long beyond = upper ^ 1L << 64 - txsz;
            assertThat(setup.read(beyond)).as("beyond T1SZ=%d", txsz).isEqualTo(notMapped(beyond));
        }
    }

    /** Tables for one address, each at the next 64 KiB; returns where the page is. */
    private long map(long va, int bits, int[] low, int start) {
        long table = 0x9_0000_0000L;
        for (int level = start; level <= 3; level++) {
            int high = level == start ? bits : low[level - 1];
            long at = table + 8 * (va >>> low[level] & (1L << high - low[level]) - 1);
            table += 0x1_0000L * (1 + level);
            setup.memory.store(at, table | (level == 3 ? LEAF | PAGE : TABLE));
        }
        return table;
    }

    @Test
    void blocks_are_where_a_granule_has_them() {
        block(TG_4K, LOW_4K, 16, 0, false);
        block(TG_4K, LOW_4K, 16, 1, true);
        block(TG_4K, LOW_4K, 16, 2, true);
        block(TG_16K, LOW_16K, 16, 0, false);
        block(TG_16K, LOW_16K, 16, 1, false);
        block(TG_16K, LOW_16K, 16, 2, true);
        block(TG_64K, LOW_64K, 16, 1, false);
        block(TG_64K, LOW_64K, 16, 2, true);
        setup.idr = setup.idr.with(Idr5.OAS, 6);
        block(TG_64K, LOW_64K, 16, 1, true);
    }

    private void block(int tg, int[] low, int txsz, int level, boolean exists) {
        long va = random.nextLong() >>> 17;
        setup.cd(CDTAB, CD.with(Cd.TG0, tg).with(Cd.T0SZ, txsz).with(Cd.TTB0, 0x9_0000_0000L >> 4));
        map(va, 64 - txsz, low, low[0] == 0 ? 1 : 0);
        long at = 0x9_0000_0000L;
        for (int l = low[0] == 0 ? 1 : 0; l < level; l++) {
            at += 0x1_0000L * (1 + l);
        }
        int high = level == 0 ? 48 : low[level - 1] == 0 ? 48 : low[level - 1];
        long target = 0x8000_0000_0000L & -1L << low[level];
        setup.memory.store(at + 8 * (va >>> low[level] & (1L << high - low[level]) - 1),
                target | LEAF | BLOCK);
        Outcome outcome = setup.read(va);
        if (exists) {
            assertThat(outcome).isInstanceOf(Outcome.Translated.class);
            assertThat(((Outcome.Translated) outcome).pa()).isEqualTo(target | va & (1L << low[level]) - 1);
        } else {
            assertThat(outcome).as("granule %d level %d", tg, level).isEqualTo(notMapped(va));
        }
    }

    @Test
    void an_input_address_of_52_bits_needs_64_kib_and_vax() {
        setup.idr = setup.idr.with(Idr5.VAX, 1);
        long va = 0x000A_BC12_3456_789CL;
        setup.cd(CDTAB, CD.with(Cd.TG0, TG_64K).with(Cd.T0SZ, 12).with(Cd.TTB0, 0x9_0000_0000L >> 4));
        long pa = map(va, 52, LOW_64K, 1);
        assertThat(goesTo(va)).isEqualTo(pa | 0x789C);

        setup.cd(CDTAB, CD.with(Cd.TG0, TG_16K).with(Cd.T0SZ, 12));
        assertThat(setup.read(va)).isEqualTo(aborted(new Event.CBadCd(origin())));
    }

    @Test
    void a_descriptor_of_64_kib_has_room_for_52_bits_of_address() {
        stage1(TG_64K, 16, 0x9_0C00_0000L);
        setup.memory.store(0x9_0C00_00F8L, 0x9_0C01_0003L);
        setup.memory.store(0x9_0C01_C488L, 0x9_0C02_0003L);
        setup.memory.store(0x9_0C02_A2B0L, 0x8_AA55_AF47L);
        assertThat(goesTo(VA)).as("48 bits: the others are reserved").isEqualTo(0x8_AA55_789CL);

        setup.idr = setup.idr.with(Idr5.OAS, 6);
        assertThat(setup.read(VA)).as("more than IPS")
                .isEqualTo(aborted(new Event.FAddrSize(origin(), fault(AccessType.READ, VA))));
        setup.cd(CDTAB, CD.with(Cd.TG0, TG_64K).with(Cd.TTB0, 0x9_0C00_0000L >> 4).with(Cd.IPS, 6));
        assertThat(goesTo(VA)).isEqualTo(0x000A_0008_AA55_789CL);
    }

    private void stage1(int tg0, int t0sz, long ttb) {
        setup.cd(CDTAB, CD.with(Cd.TG0, tg0).with(Cd.T0SZ, t0sz).with(Cd.TTB0, ttb >> 4));
    }

    private long goesTo(long va) {
        Outcome outcome = setup.read(va);
        assertThat(outcome).isInstanceOf(Outcome.Translated.class);
        return ((Outcome.Translated) outcome).pa();
    }

    private static Outcome notMapped(long va) {
        return aborted(new Event.FTranslation(origin(), fault(AccessType.READ, va)));
    }
}
