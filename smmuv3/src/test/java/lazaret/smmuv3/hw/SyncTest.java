// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import static lazaret.smmuv3.hw.Rig.SYNC;
import static org.assertj.core.api.Assertions.assertThat;

import lazaret.pcie.At;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.TlbRange;
import org.junit.jupiter.api.Test;

/** What a CMD_SYNC guarantees. @spec IHI0070 4.7 */
class SyncTest {
    private static final Command CFGI = new Command.CfgiSte(Rig.SID, true);
    private static final Command TLBI = new Command.TlbiNhVa(0, 7, Rig.PAGE, true, TlbRange.NONE);

    private final Rig rig = Rig.on();

    @Test
    void a_sync_after_cfgi_waits_for_translated_writes_past_their_check() {
        rig.function.writesTranslated(Rig.PA, 1);
        rig.run(Rig.PORT);
        rig.ste(Rig.SID, Rig.S5);
        rig.append(CFGI, SYNC);
        rig.publish();
        rig.run(Rig.CMDQ_STRAND);
        assertThat(rig.cons()).isEqualTo(1);

        rig.step(Rig.LANDING);
        rig.run(Rig.CMDQ_STRAND);
        assertThat(rig.cons()).isEqualTo(2);
        assertThat(rig.ram.load(Rig.PA)).isEqualTo(1);
    }

    @Test
    void a_sync_without_cfgi_does_not() {
        rig.function.writesTranslated(Rig.PA, 1);
        rig.run(Rig.PORT);
        rig.append(TLBI, SYNC);
        rig.publish();
        rig.run(Rig.CMDQ_STRAND);

        assertThat(rig.cons()).isEqualTo(2);
        assertThat(rig.ram.load(Rig.PA)).isZero();
    }

    @Test
    void a_sync_after_tlbi_waits_for_untranslated_writes_past_their_check() {
        rig.function.writes(Rig.IOVA, 1);
        rig.run(Rig.PORT);
        rig.append(TLBI, SYNC);
        rig.publish();
        rig.run(Rig.CMDQ_STRAND);
        assertThat(rig.cons()).isEqualTo(1);

        rig.step(Rig.LANDING);
        rig.run(Rig.CMDQ_STRAND);
        assertThat(rig.cons()).isEqualTo(2);
    }

    @Test
    void a_sync_after_tlbi_waits_for_a_walk_that_is_under_way_and_its_result_is_not_remembered() {
        rig.function.writes(Rig.IOVA, 1);
        for (int i = 0; i < 10; i++) {
            rig.step(Rig.PORT);
        }
        rig.append(TLBI, SYNC);
        rig.publish();
        rig.run(Rig.CMDQ_STRAND);
        assertThat(rig.cons()).isEqualTo(1);

        rig.run(Rig.PORT);
        rig.run(Rig.CMDQ_STRAND);
        assertThat(rig.cons()).isEqualTo(1);

        rig.run(Rig.LANDING);
        rig.run(Rig.CMDQ_STRAND);
        assertThat(rig.cons()).isEqualTo(2);

        rig.put(Rig.LEAF_AT, 0);
        rig.always(1);
        rig.function.writes(Rig.IOVA, 2);
        rig.settle();
        assertThat(rig.ram.load(Rig.PA)).isEqualTo(1);
    }

    @Test
    void a_sync_after_cfgi_waits_for_a_check_that_is_under_way() {
        rig.function.writesTranslated(Rig.PA, 1);
        rig.step(Rig.PORT);
        rig.append(CFGI, SYNC);
        rig.publish();
        rig.run(Rig.CMDQ_STRAND);
        rig.run(Rig.PORT);
        assertThat(rig.can(Rig.CMDQ_STRAND)).isFalse();

        rig.run(Rig.LANDING);
        assertThat(rig.can(Rig.CMDQ_STRAND)).isTrue();
    }

    @Test
    void what_one_sync_has_waited_for_the_next_one_has_not_to() {
        rig.issue(CFGI, TLBI, SYNC);
        rig.function.writes(Rig.IOVA, 1);
        rig.function.writesTranslated(Rig.PA, 1);
        rig.run(Rig.PORT);
        rig.append(SYNC);
        rig.publish();
        rig.run(Rig.CMDQ_STRAND);

        assertThat(rig.cons()).isEqualTo(4);
    }

    @Test
    void a_sync_does_not_wait_for_what_came_later() {
        rig.function.writes(Rig.IOVA, 1);
        rig.run(Rig.PORT);
        rig.append(CFGI, SYNC);
        rig.publish();
        rig.run(Rig.CMDQ_STRAND);
        rig.function.writes(Rig.IOVA, 2);
        rig.run(Rig.PORT);
        rig.step(Rig.LANDING);
        rig.run(Rig.CMDQ_STRAND);

        assertThat(rig.cons()).isEqualTo(2);
        assertThat(rig.ram.load(Rig.PA)).isEqualTo(1);
    }

    @Test
    void invalidations_of_cds_and_level_1_descriptors_make_it_wait_too() {
        Command[] each = {new Command.CfgiCd(Rig.SID, 0, true), new Command.CfgiCdAll(Rig.SID),
            new Command.CfgiSteRange(Rig.SID, 0), new Command.CfgiAll()};
        for (Command c : each) {
            rig.function.writes(Rig.IOVA, 1);
            rig.run(Rig.PORT);
            int sync = rig.append(c, SYNC);
            rig.publish();
            rig.run(Rig.CMDQ_STRAND);
            assertThat(rig.cons()).as(c.text()).isEqualTo(sync);
            rig.settle();
        }
    }

    @Test
    void a_level_1_descriptor_concerns_all_streams_that_it_covers() {
        rig.enable(0);
        rig.write(Reg.STRTAB_BASE_CFG, 1 << 16 | 8 << 6 | 16);
        rig.enable(Rig.ALL_ON);
        rig.put(Rig.STRTAB + 8, 0x40009);
        rig.put(0x40000, Rig.S4);
        rig.function.writesTranslated(Rig.PA, 1);
        rig.run(Rig.PORT);
        int sync = rig.append(new Command.CfgiSte(Rig.OTHER, false), SYNC);
        rig.publish();
        rig.run(Rig.CMDQ_STRAND);

        assertThat(rig.cons()).isEqualTo(sync);
    }

    @Test
    void a_sync_that_only_another_streams_configuration_concerns_does_not_wait() {
        rig.function.writesTranslated(Rig.PA, 1);
        rig.run(Rig.PORT);
        rig.append(new Command.CfgiSte(Rig.OTHER, true), SYNC);
        rig.publish();
        rig.run(Rig.CMDQ_STRAND);

        assertThat(rig.cons()).isEqualTo(2);
    }

    @Test
    void a_failed_sync_guarantees_nothing_and_the_next_one_makes_up_for_it() {
        rig.function.writesTranslated(Rig.PA, 1);
        rig.settle();
        rig.ste(Rig.SID, Rig.S5);
        rig.always(1);
        rig.issue(Rig.atcInv(Rig.SID, Rig.PAGE, 0), CFGI, SYNC);
        rig.wait(1);
        assertThat(rig.stopped()).isTrue();

        rig.function.writesTranslated(Rig.PA, 2);
        rig.settle();
        assertThat(rig.ram.load(Rig.PA)).isEqualTo(2);
        assertThat(rig.smmu.refusesAts(Rig.SID)).isFalse();

        rig.acknowledge();
        rig.function.writesTranslated(Rig.PA, 3);
        rig.settle();
        assertThat(rig.ram.load(Rig.PA)).isEqualTo(2);
        assertThat(rig.smmu.refusesAts(Rig.SID)).isTrue();
    }
}
