// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import static lazaret.smmuv3.hw.Rig.SYNC;
import static org.assertj.core.api.Assertions.assertThat;

import lazaret.pcie.At;
import lazaret.pcie.Tlp;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Event;
import lazaret.smmuv3.Reg;
import org.junit.jupiter.api.Test;

/**
 * The walk of one transaction, step by step: what it fetches, what it remembers, and what it then need not
 * fetch.
 */
class LookupTest {
    private static final long L2 = 0x40000;
    private static final long L1STD = L2 | 9;

    private final Rig rig = Rig.on();

    private int steps() {
        int steps = 0;
        while (rig.can(Rig.PORT)) {
            rig.step(Rig.PORT);
            steps++;
        }
        rig.settle();
        return steps;
    }

    /** S4 of 0x100 in a 2-level table: SPLIT=8, so it is entry 0 under descriptor 1. */
    private void twoLevels(long l1std) {
        rig.enable(0);
        rig.write(Reg.STRTAB_BASE_CFG, 1 << 16 | 8 << 6 | 16);
        rig.enable(Rig.ALL_ON);
        rig.put(Rig.STRTAB + 8, l1std);
        rig.put(L2, Rig.S4);
    }

    @Test
    void a_cold_transaction_fetches_one_word_a_step_and_a_warm_one_none() {
        rig.function.writes(Rig.IOVA, 1);
        assertThat(steps()).isEqualTo(1 + 3 + 4 + 4);           // begins, then words of STE, CD, tables

        rig.function.writes(Rig.IOVA, 2);
        assertThat(steps()).isEqualTo(1);
        assertThat(rig.ram.load(Rig.PA)).isEqualTo(2);
    }

    @Test
    void what_was_invalidated_is_fetched_again() {
        rig.function.writes(Rig.IOVA, 1);
        steps();

        rig.issue(new Command.TlbiNsnhAll(), SYNC);
        rig.function.writes(Rig.IOVA, 1);
        assertThat(steps()).isEqualTo(1 + 4);

        rig.issue(new Command.CfgiCd(Rig.SID, 0, true), SYNC);
        rig.function.writes(Rig.IOVA, 1);
        assertThat(steps()).isEqualTo(1 + 4);

        rig.issue(new Command.CfgiSte(Rig.SID, true), SYNC);
        rig.function.writes(Rig.IOVA, 1);
        assertThat(steps()).isEqualTo(1 + 3 + 4);
    }

    @Test
    void an_smmu_without_caches_fetches_everything_each_time() {
        Rig kind = Rig.on(SmmuParams::coherent);
        kind.asksNobody();
        kind.function.writes(Rig.IOVA, 1);
        kind.settle();
        kind.put(Rig.LEAF_AT, 0);
        kind.function.writes(Rig.IOVA, 2);
        kind.settle();

        assertThat(kind.ram.load(Rig.PA)).isEqualTo(1);
    }

    @Test
    void a_torn_ste_is_seen_torn() {
        rig.function.writes(Rig.IOVA, 1);
        rig.step(Rig.PORT);
        rig.step(Rig.PORT);                                     // has word 0 of S4
        rig.ste(Rig.SID, Rig.S3);
        rig.settle();

        assertThat(rig.ram.load(Rig.PA)).isEqualTo(1);          // word 0 old, word 1 new: still stage 1
    }

    @Test
    void words_read_before_an_invalidation_are_used_and_not_remembered() {
        rig.function.writes(Rig.IOVA, 1);
        for (int i = 0; i < 11; i++) {
            rig.step(Rig.PORT);                                 // all but the leaf descriptor
        }
        rig.append(new Command.CfgiAll(), new Command.TlbiNsnhAll());
        rig.publish();
        rig.run(Rig.CMDQ_STRAND);
        steps();
        rig.function.writes(Rig.IOVA, 2);

        assertThat(steps()).isEqualTo(1 + 4 + 3 + 4);
    }

    @Test
    void a_2_level_table_costs_one_word_more_once() {
        twoLevels(L1STD);
        rig.function.writes(Rig.IOVA, 1);
        assertThat(steps()).isEqualTo(1 + 1 + 3 + 4 + 4);

        rig.issue(new Command.CfgiSte(Rig.SID, true), SYNC);
        rig.function.writes(Rig.IOVA, 1);
        assertThat(steps()).isEqualTo(1 + 3 + 4);

        rig.issue(new Command.CfgiSte(Rig.SID, false), SYNC);
        rig.function.writes(Rig.IOVA, 1);
        assertThat(steps()).isEqualTo(1 + 1 + 3 + 4);
    }

    /** L1STD vectors: Span 0 and reserved spans; a short span that ends before the stream. */
    @Test
    void a_level_1_descriptor_that_does_not_reach_the_stream_is_a_bad_stream_id() {
        for (long span : new long[] {0, 12, 31}) {
            twoLevels(L2 | span);
            rig.issue(new Command.CfgiAll(), SYNC);
            rig.function.writes(Rig.IOVA, 1);
            rig.settle();
            assertThat(rig.events()).singleElement().isInstanceOf(Event.CBadStreamid.class);
        }
        twoLevels(L2 | 1);
        rig.issue(new Command.CfgiAll(), SYNC);
        rig.function.writes(Rig.IOVA, 1);
        rig.other.writes(Rig.IOVA, 1);
        rig.settle();
        assertThat(rig.events()).singleElement()
                .satisfies(e -> assertThat(e.origin().sid()).isEqualTo(Rig.OTHER));
    }

    @Test
    void an_invalid_level_1_descriptor_is_remembered_too() {
        twoLevels(0);
        rig.function.writes(Rig.IOVA, 1);
        rig.settle();
        rig.put(Rig.STRTAB + 8, L1STD);
        rig.always(1);
        rig.issue(new Command.CfgiSte(Rig.SID, true), SYNC);
        rig.function.writes(Rig.IOVA, 1);
        rig.settle();
        assertThat(rig.events()).hasSize(2);

        rig.issue(new Command.CfgiSte(Rig.OTHER, false), SYNC); // the same descriptor covers both streams
        rig.function.writes(Rig.IOVA, 1);
        rig.settle();
        assertThat(rig.ram.load(Rig.PA)).isEqualTo(1);
    }

    /** Substreams under level-1 descriptors of CDs; CD 3 is the usual one. */
    private void substreams() {
        rig.ste(Rig.SID, 10L << 59 | 0x9_2000_001BL, 0x8000_00D6L);    // S1CDMax=10, S1Fmt=LEAF_4K
        rig.put(0x9_2000_0000L, 0x9_2100_0001L);
        rig.put(0x9_2100_00C0L, Rig.C1);
        rig.put(0x9_2200_00C0L, Rig.C1);
        rig.issue(new Command.CfgiAll(), SYNC);
    }

    private int substreamSteps() {
        rig.function.port.send(new Tlp.MemWrite(Rig.SID, At.UNTRANSLATED, 3, Rig.IOVA, 1, Rig.IOVA));
        return steps();
    }

    @Test
    void a_2_level_cd_table_costs_one_word_more_once_and_its_descriptor_is_forgotten_when_said_so() {
        substreams();
        assertThat(substreamSteps()).isEqualTo(1 + 3 + 1 + 4 + 4);
        rig.issue(new Command.CfgiCd(Rig.SID, 3, true), SYNC);
        assertThat(substreamSteps()).as("leaf only").isEqualTo(1 + 4);
        rig.issue(new Command.CfgiCd(Rig.SID, 3, false), SYNC);
        assertThat(substreamSteps()).isEqualTo(1 + 1 + 4);
        rig.issue(new Command.CfgiCdAll(Rig.SID), SYNC);
        assertThat(substreamSteps()).isEqualTo(1 + 1 + 4);
    }

    @Test
    void a_stale_level_1_descriptor_of_cds_leads_to_the_old_ones() {
        substreams();
        substreamSteps();
        rig.put(0x9_2000_0000L, 0);
        rig.always(1);
        rig.issue(new Command.CfgiCd(Rig.SID, 3, true), SYNC);
        substreamSteps();
        assertThat(rig.events()).isEmpty();
        rig.issue(new Command.CfgiCd(Rig.SID, 3, false), SYNC);
        substreamSteps();
        assertThat(rig.events()).singleElement().isInstanceOf(Event.CBadSubstreamid.class);
    }

    @Test
    void a_level_1_descriptor_out_of_memory_is_a_fetch_fault() {
        rig.enable(0);
        rig.write64(Reg.STRTAB_BASE, 1L << 40);
        rig.write(Reg.STRTAB_BASE_CFG, 1 << 16 | 8 << 6 | 16);
        rig.enable(Rig.ALL_ON);
        rig.function.writes(Rig.IOVA, 1);
        rig.settle();

        assertThat(rig.event()).containsExactly(0x0000_0100_0000_0003L, 0, 0, (1L << 40) + 8);
    }
}
