// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import static lazaret.smmuv3.hw.Rig.SYNC;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
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

        rig.issue(new Command.CfgiSteRange(0x133, 7), SYNC);
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
