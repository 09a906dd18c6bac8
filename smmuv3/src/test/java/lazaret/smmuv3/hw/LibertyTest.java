// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import static lazaret.smmuv3.hw.Rig.SYNC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lazaret.smmuv3.Command;
import lazaret.smmuv3.Event;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.TlbRange;
import org.junit.jupiter.api.Test;

/** Each liberty in a case where it makes a difference that software can tell. */
class LibertyTest {
    private static final long MEV = 1L << 19;

    private final Rig usual = Rig.on();

    private static Rig taking(Liberty liberty) {
        return Rig.on(p -> p.with(liberty));
    }

    private static Command forget(long page) {
        return new Command.TlbiNhVa(0, 7, page, true, TlbRange.NONE);
    }

    /** Software invalidates first and clears the descriptor then: the wrong way round. */
    private static long late(Rig rig) {
        rig.ste(Rig.SID, Rig.S5[0], Rig.S5[1] & 0x3fff_ffff);   // of EL1
        rig.function.writes(Rig.IOVA, 1);
        rig.settle();
        rig.issue(forget(Rig.PAGE), new Command.CfgiAll(), SYNC);
        rig.always(1);
        rig.put(Rig.LEAF_AT, 0);
        rig.function.writes(Rig.IOVA, 2);
        rig.settle();
        return rig.ram.load(Rig.PA);
    }

    @Test
    void a_page_may_be_fetched_again_between_its_invalidation_and_its_change() {
        assertThat(late(usual)).isEqualTo(1);
        assertThat(late(taking(Liberty.PREFETCHES))).isEqualTo(2);
    }

    @Test
    void what_has_changed_before_is_not_fetched_as_it_was() {
        Rig rig = taking(Liberty.PREFETCHES);
        rig.ste(Rig.SID, Rig.S5[0], Rig.S5[1] & 0x3fff_ffff);
        rig.function.writes(Rig.IOVA, 1);
        rig.settle();
        rig.always(1);
        rig.put(Rig.LEAF_AT, 0);
        rig.issue(forget(Rig.PAGE), SYNC);
        rig.function.writes(Rig.IOVA, 2);
        rig.settle();
        assertThat(rig.ram.load(Rig.PA)).isEqualTo(1);
    }

    @Test
    void an_ste_that_is_fetched_again_has_the_atschk_of_then() {
        Rig rig = taking(Liberty.PREFETCHES);
        rig.enable(Rig.ALL_ON & ~Rig.ATSCHK);
        rig.ste(Rig.SID, Rig.S5);
        rig.function.writes(Rig.IOVA, 1);
        rig.settle();
        rig.enable(Rig.ALL_ON);
        rig.always(1);
        assertThat(rig.smmu.refusesAts(Rig.SID)).as("cached with ATSCHK=0").isFalse();
        rig.issue(new Command.CfgiSte(Rig.SID, true), SYNC);
        assertThat(rig.smmu.refusesAts(Rig.SID)).isTrue();
    }

    /** Another page is invalidated, and the changed one is not. */
    private static long missed(Rig rig) {
        rig.function.writes(Rig.IOVA, 1);
        rig.settle();
        rig.always(1);
        rig.put(Rig.LEAF_AT, 0);
        rig.issue(forget(Rig.PAGE + 0x1000), new Command.CfgiCd(Rig.OTHER, 3, true), SYNC);
        rig.function.writes(Rig.IOVA, 2);
        rig.settle();
        return rig.ram.load(Rig.PA);
    }

    @Test
    void an_invalidation_may_reach_further_than_it_says() {
        assertThat(missed(usual)).isEqualTo(2);
        assertThat(missed(taking(Liberty.OVER_INVALIDATES))).isEqualTo(1);
    }

    @Test
    void configuration_of_other_streams_may_be_forgotten_too() {
        Rig rig = taking(Liberty.OVER_INVALIDATES);
        for (Command cfgi : new Command[] {new Command.CfgiSte(Rig.OTHER, true),
                new Command.CfgiCdAll(Rig.OTHER), new Command.CfgiCd(Rig.OTHER, 0, true)}) {
            rig.ste(Rig.SID, Rig.S4);
            rig.function.writes(Rig.IOVA, 1);
            rig.settle();
            rig.always(1);
            rig.ste(Rig.SID, Rig.S1);
            rig.issue(cfgi, SYNC);
            rig.function.writes(Rig.IOVA, 2);
            rig.settle();
            assertThat(rig.ram.load(Rig.PA)).isEqualTo(1);
            rig.issue(new Command.CfgiAll(), SYNC);
        }
    }

    private static int records(Rig rig, long iova) {
        rig.function.writes(0x1000, 1);
        rig.function.writes(iova, 1);
        rig.settle();
        return rig.events().size();
    }

    @Test
    void events_may_be_merged_where_the_stream_allows_it() {
        Rig rig = taking(Liberty.MERGES_EVENTS);
        assertThat(records(rig, 0x1008)).as("MEV=0").isEqualTo(2);
        rig.ste(Rig.SID, Rig.S4[0], Rig.S4[1] | MEV);
        rig.issue(new Command.CfgiAll(), SYNC);
        assertThat(records(rig, 0x1008)).isEqualTo(1);
        assertThat(records(rig, 0x2000)).as("another page").isEqualTo(2);
        assertThat(records(rig, 0x1008)).as("the last ones were taken").isEqualTo(1);
        usual.ste(Rig.SID, Rig.S4[0], Rig.S4[1] | MEV);
        assertThat(records(usual, 0x1008)).isEqualTo(2);
    }

    @Test
    void broken_configuration_may_be_merged_always() {
        Rig rig = taking(Liberty.MERGES_EVENTS);
        rig.ste(Rig.SID, Rig.S2);
        assertThat(records(rig, 0x5000)).isEqualTo(1);
    }

    @Test
    void address_bits_that_do_not_exist_may_be_dropped() {
        long wide = Rig.PA | 1L << 50;
        usual.function.writesTranslated(wide, 1);
        usual.settle();
        assertThat(usual.ram.load(Rig.PA)).isZero();

        Rig rig = taking(Liberty.TRUNCATES_ADDRESSES);
        rig.function.writesTranslated(wide, 1);
        rig.function.writes(Rig.IOVA | 1L << 50, 2);
        rig.settle();
        assertThat(rig.ram.load(Rig.PA)).isEqualTo(1);
        assertThat(rig.events()).as("not of untranslated ones").singleElement()
                .isInstanceOf(Event.FTranslation.class);
    }

    @Test
    void an_enable_may_have_its_effect_before_software_reads_so() {
        Rig rig = taking(Liberty.ENABLES_BEFORE_ACK);
        rig.write(Reg.CR0, Rig.ALL_ON & ~Rig.SMMUEN);
        rig.step("smmu registers");
        assertThat(rig.read(Reg.CR0ACK)).isEqualTo(Rig.ALL_ON);
        rig.function.writes(Rig.PA, 5);
        rig.run(Rig.PORT);
        rig.run(Rig.LANDING);
        assertThat(rig.ram.load(Rig.PA)).as("nothing translates").isEqualTo(5);
        rig.settle();
        assertThat(rig.read(Reg.CR0ACK)).isEqualTo(Rig.ALL_ON & ~Rig.SMMUEN);
    }

    @Test
    void a_time_out_may_be_reported_more_than_once() {
        Rig rig = Rig.on(p -> p.reportsAtc(2));
        rig.issue(Rig.atcInv(Rig.SID, Rig.PAGE, 0), SYNC);
        rig.wait(1);
        assertThat(rig.error()).isEqualTo(3);
        rig.acknowledge();
        assertThat(rig.stopped()).isTrue();
        rig.acknowledge();
        assertThat(rig.cons()).isEqualTo(2);
        assertThatThrownBy(() -> SmmuParams.USUAL.reportsAtc(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void each_liberty_is_taken_alone_and_says_what_it_is() {
        for (Liberty liberty : Liberty.values()) {
            SmmuParams params = SmmuParams.USUAL.with(liberty);
            for (Liberty other : Liberty.values()) {
                assertThat(params.takes(other)).isEqualTo(other == liberty);
            }
            assertThat(liberty.line()).isNotBlank();
        }
    }
}
