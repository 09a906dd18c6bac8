// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import static lazaret.smmuv3.hw.Rig.SYNC;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import lazaret.pcie.At;
import lazaret.pcie.Tlp;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Event;
import org.junit.jupiter.api.Test;

/** How long the SMMU may use configuration that memory contradicts. */
class ConfigCacheTest {
    private static final Command CFGI = new Command.CfgiSte(Rig.SID, true);

    private final Rig rig = Rig.on();

    ConfigCacheTest() {
        rig.function.writesTranslated(Rig.PA, 1);               // S4 is cached
        rig.settle();
    }

    private boolean passes() {
        rig.put(Rig.PA, 0);
        rig.function.writesTranslated(Rig.PA, 2);
        rig.settle();
        return rig.ram.load(Rig.PA) == 2;
    }

    @Test
    void a_changed_ste_is_used_until_invalidated_or_forgotten_and_the_choice_is_asked_each_time() {
        List<String> asked = new ArrayList<>();
        rig.ste(Rig.SID, Rig.S5);
        rig.decides((n, why) -> {
            asked.add(why);
            return 1;
        });
        assertThat(passes()).isTrue();
        assertThat(passes()).isTrue();
        assertThat(asked).hasSize(2).containsOnly("the cached STE is stale and used");
        assertThat(rig.entries(SmmuEntry.UsedStale.class)).hasSize(2);

        rig.always(0);
        assertThat(passes()).isFalse();

        rig.always(1);
        assertThat(passes()).isFalse();                         // forgotten is forgotten
    }

    @Test
    void one_that_is_kept_is_used_until_invalidated_and_nobody_is_asked() {
        Rig steady = Rig.on(SmmuParams::steady);
        steady.asksNobody();
        steady.function.writesTranslated(Rig.PA, 1);
        steady.settle();
        steady.ste(Rig.SID, Rig.S5);

        steady.function.writesTranslated(Rig.PA, 2);
        steady.settle();
        assertThat(steady.ram.load(Rig.PA)).isEqualTo(2);

        steady.issue(CFGI);
        steady.function.writesTranslated(Rig.PA, 3);
        steady.settle();
        assertThat(steady.ram.load(Rig.PA)).isEqualTo(2);
    }

    @Test
    void nothing_is_asked_while_memory_agrees() {
        rig.asksNobody();

        assertThat(passes()).isTrue();
    }

    /** Vector T16. */
    @Test
    void after_cfgi_the_old_ste_may_be_used_until_a_sync_has_completed() {
        rig.ste(Rig.SID, Rig.S5);
        rig.always(1);
        rig.issue(CFGI);
        assertThat(passes()).isTrue();

        rig.issue(SYNC);
        rig.asksNobody();
        assertThat(passes()).isFalse();
    }

    @Test
    void a_sync_without_cfgi_changes_nothing() {
        rig.ste(Rig.SID, Rig.S5);
        rig.always(1);
        rig.issue(SYNC);

        assertThat(passes()).isTrue();
    }

    @Test
    void cfgi_of_another_stream_changes_nothing() {
        rig.ste(Rig.SID, Rig.S5);
        rig.always(1);
        rig.issue(new Command.CfgiSte(Rig.OTHER, true), SYNC);

        assertThat(passes()).isTrue();
    }

    @Test
    void an_smmu_that_is_prompt_forgets_at_once() {
        Rig prompt = Rig.on(SmmuParams::prompt);
        prompt.function.writesTranslated(Rig.PA, 1);
        prompt.settle();
        prompt.ste(Rig.SID, Rig.S5);
        prompt.issue(CFGI);
        prompt.asksNobody();
        prompt.function.writesTranslated(Rig.PA, 2);
        prompt.settle();

        assertThat(prompt.ram.load(Rig.PA)).isEqualTo(1);
    }

    /** Vector K3 and its neighbours. */
    @Test
    void ranges_and_all_reach_the_streams_they_name() {
        rig.ste(Rig.SID, Rig.S5);
        rig.always(1);
        rig.issue(new Command.CfgiSteRange(0x200, 7), new Command.CfgiSteRange(0xff, 0), SYNC);
        assertThat(passes()).isTrue();

        rig.issue(new Command.CfgiSteRange(0x1f3, 7), SYNC);
        assertThat(passes()).isFalse();

        rig.ste(Rig.SID, Rig.S4);
        rig.issue(new Command.CfgiAll(), SYNC);
        assertThat(passes()).isTrue();
    }

    @Test
    void invalid_entries_are_remembered_too() {
        rig.ste(Rig.SID, Rig.S2);
        rig.issue(CFGI, SYNC);
        assertThat(passes()).isFalse();

        rig.ste(Rig.SID, Rig.S4);
        rig.always(1);
        assertThat(passes()).isFalse();
    }

    @Test
    void atschk_is_remembered_with_the_ste() {
        Rig fast = new Rig();
        fast.queues();
        fast.tables();
        fast.ste(Rig.SID, Rig.S5);
        fast.enable(Rig.ALL_ON & ~Rig.ATSCHK);
        fast.function.asks(Rig.PAGE);                           // caches S5 as read with ATSCHK=0
        fast.settle();
        fast.enable(Rig.ALL_ON);
        fast.asksNobody();
        fast.function.writes(Rig.IOVA, 1);                      // to which ATSCHK does not matter
        fast.settle();
        fast.always(1);
        fast.function.writesTranslated(0x5000, 1);
        fast.settle();
        assertThat(fast.ram.load(0x5000)).isEqualTo(1);
        assertThat(fast.smmu.refusesAts(Rig.SID)).isFalse();

        fast.issue(CFGI, SYNC);
        fast.function.writesTranslated(0x5000, 2);
        fast.settle();
        assertThat(fast.ram.load(0x5000)).isEqualTo(1);
        assertThat(fast.smmu.refusesAts(Rig.SID)).isTrue();
    }

    @Test
    void atschk_too_may_be_forgotten_at_any_time() {
        Rig fast = new Rig();
        fast.queues();
        fast.tables();
        fast.ste(Rig.SID, Rig.S5);
        fast.enable(Rig.ALL_ON & ~Rig.ATSCHK);
        fast.function.asks(Rig.PAGE);
        fast.settle();
        fast.enable(Rig.ALL_ON);
        fast.always(0);
        fast.function.writesTranslated(0x5000, 1);
        fast.settle();

        assertThat(fast.ram.load(0x5000)).isZero();
    }

    @Test
    void a_cd_that_was_forgotten_is_forgotten() {
        rig.function.writes(Rig.IOVA, 1);
        rig.settle();
        rig.put(Rig.CD, 0);
        rig.always(0);
        rig.function.writes(Rig.IOVA, 2);
        rig.settle();
        rig.put(Rig.CD, Rig.C1);
        rig.always(1);
        rig.function.writes(Rig.IOVA, 3);
        rig.settle();

        assertThat(rig.events()).hasSize(2).allMatch(Event.CBadCd.class::isInstance);
    }

    /** S4 with four CDs in a row; substreams 1 and 2 have tables of their own. */
    @Test
    void each_substream_has_its_own_cd() {
        rig.ste(Rig.SID, Rig.S4[0] | 2L << 59, Rig.S4[1] | 2);
        for (int ssid = 1; ssid <= 2; ssid++) {
            rig.put(Rig.CD + 64 * ssid, Rig.C1[0] + ((long) ssid << 48), 0x9_0C00_0000L + 0x10000 * ssid, 0,
                    Rig.C1[3]);
            long table = 0x9_0C00_0000L + 0x10000 * ssid;
            rig.put(table, table + 0x1003);
            rig.put(table + 0x1000, 0x0F45 | (long) ssid << 30);
        }
        rig.issue(CFGI, SYNC);
        writes(1);
        writes(2);
        assertThat(rig.ram.load(0x4000_5000L)).isEqualTo(1);
        assertThat(rig.ram.load(0x8000_5000L)).isEqualTo(2);

        rig.put(Rig.CD + 64, 0);
        rig.put(Rig.CD + 128, 0);
        rig.always(1);
        rig.issue(new Command.CfgiCd(Rig.SID, 2, true), SYNC);
        rig.put(0x4000_5000L, 0, 0);
        writes(1);
        writes(2);
        assertThat(rig.ram.load(0x4000_5000L)).isEqualTo(1);
        assertThat(rig.events()).singleElement()
                .satisfies(e -> assertThat(e).isInstanceOf(Event.CBadCd.class))
                .satisfies(e -> assertThat(e.origin().ssid()).isEqualTo(2));
    }

    private void writes(int pasid) {
        rig.function.port.send(new Tlp.MemWrite(Rig.SID, At.UNTRANSLATED, pasid, 0x5000, pasid, 0x5000));
        rig.settle();
    }

    @Test
    void while_the_smmu_is_off_nothing_is_looked_up() {
        rig.ste(Rig.SID, Rig.S5);
        rig.enable(Rig.CMDQEN);
        rig.asksNobody();
        rig.function.writesTranslated(Rig.PA, 9);
        rig.settle();

        assertThat(rig.ram.load(Rig.PA)).isEqualTo(1);
    }

    @Test
    void a_cd_is_remembered_until_its_own_invalidation_or_that_of_its_ste() {
        rig.function.writes(Rig.IOVA, 1);
        rig.settle();
        rig.put(Rig.CD, 0);
        rig.always(1);
        rig.issue(new Command.CfgiCd(Rig.SID, 1, true), new Command.CfgiCdAll(Rig.OTHER), SYNC);
        rig.function.writes(Rig.IOVA, 2);
        rig.settle();
        assertThat(rig.events()).isEmpty();

        rig.issue(new Command.CfgiCdAll(Rig.SID));
        rig.function.writes(Rig.IOVA, 2);
        rig.settle();
        assertThat(rig.events()).isEmpty();

        rig.issue(SYNC);
        rig.function.writes(Rig.IOVA, 3);
        rig.settle();
        assertThat(rig.events()).singleElement().isInstanceOf(Event.CBadCd.class);

        rig.put(Rig.CD, Rig.C1);
        rig.issue(CFGI, SYNC);
        rig.function.writes(Rig.IOVA, 4);
        rig.settle();
        assertThat(rig.ram.load(Rig.PA)).isEqualTo(4);
    }

    @Test
    void caches_survive_the_smmu_being_off_and_on_again() {
        rig.ste(Rig.SID, Rig.S5);
        rig.enable(Rig.CMDQEN);
        rig.enable(Rig.ALL_ON);
        rig.always(1);

        assertThat(passes()).isTrue();
    }
}
