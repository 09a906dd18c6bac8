// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import static lazaret.smmuv3.hw.Rig.SYNC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
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

    /** Software opens a fence, by a store into the second word, while the entry is being read. */
    private static String torn(Rig rig, int first) {
        rig.ste(Rig.SID, Rig.S5);
        rig.decides((n, why) -> why.startsWith("which word") ? Math.min(first, n - 1) : 0);
        rig.function.writesTranslated(Rig.PA, 5);
        rig.step(Rig.PORT);                                     // begins
        rig.step(Rig.PORT);                                     // one word
        rig.ste(Rig.SID, Rig.S4);
        rig.settle();
        return rig.events().isEmpty() ? "passes" : "refused";
    }

    @Test
    void an_entry_that_changes_while_it_is_read_may_be_seen_as_it_was() {
        assertThat(torn(usual, 1)).as("first word first").isEqualTo("passes");
        assertThat(torn(taking(Liberty.READS_IN_ANY_ORDER), 0)).isEqualTo("passes");
        assertThat(torn(taking(Liberty.READS_IN_ANY_ORDER), 1)).as("second word first").isEqualTo("refused");
    }

    @Test
    void entries_that_do_not_change_are_the_same_in_any_order() {
        for (int always = 0; always < 8; always++) {
            Rig rig = taking(Liberty.READS_IN_ANY_ORDER);
            int answer = always;
            rig.decides((n, why) -> Math.min(answer, n - 1));
            rig.function.writes(Rig.IOVA, 7);
            rig.settle();
            assertThat(rig.ram.load(Rig.PA)).isEqualTo(7);
            rig.asksNobody();
            rig.function.writes(Rig.IOVA, 8);
            rig.settle();
            assertThat(rig.ram.load(Rig.PA)).as("from the caches").isEqualTo(8);
        }
    }

    @Test
    void a_command_that_was_read_before_its_turn_is_executed_as_it_was() {
        Rig rig = taking(Liberty.FETCHES_AHEAD);
        rig.decides((n, why) -> why.contains("read before") ? n - 1 : 0);
        rig.append(new Command.CfgiAll(), new Command.TlbiNsnhAll(), SYNC);
        rig.publish();
        rig.step(Rig.CMDQ_STRAND);
        rig.put(Rig.CMDQ + 16, 0x99, 0);                        // software must not; hardware does not see it
        rig.settle();
        assertThat(rig.stopped()).isFalse();
        assertThat(rig.cons()).isEqualTo(3);

        usual.append(new Command.CfgiAll(), new Command.TlbiNsnhAll(), SYNC);
        usual.publish();
        usual.step(Rig.CMDQ_STRAND);
        usual.put(Rig.CMDQ + 16, 0x99, 0);
        usual.settle();
        assertThat(usual.error()).isEqualTo(1);
    }

    @Test
    void after_an_error_commands_are_read_again() {
        Rig rig = taking(Liberty.FETCHES_AHEAD);
        rig.always(1);
        rig.append(new Command.CfgiAll(), new Command.Illegal(0x99, 0), new Command.Illegal(0x98, 0));
        rig.publish();
        rig.settle();
        assertThat(rig.cons()).as("at the bad one").isEqualTo(1);
        rig.put(Rig.CMDQ + 16, SYNC.w0(), SYNC.w1(), SYNC.w0(), SYNC.w1());
        rig.acknowledge();
        assertThat(rig.stopped()).isFalse();
        assertThat(rig.cons()).isEqualTo(3);
    }

    @Test
    void cons_may_move_in_jumps_and_not_past_a_sync_that_is_not_complete() {
        Rig rig = taking(Liberty.FETCHES_AHEAD);
        rig.decides((n, why) -> n - 1);
        rig.append(new Command.CfgiAll(), new Command.TlbiNsnhAll(), SYNC, new Command.CfgiAll());
        rig.publish();
        rig.step(Rig.CMDQ_STRAND);
        rig.step(Rig.CMDQ_STRAND);
        assertThat(rig.cons()).isZero();
        rig.step(Rig.CMDQ_STRAND);
        assertThat(rig.cons()).isEqualTo(3);
        rig.settle();
        assertThat(rig.cons()).isEqualTo(4);
    }

    @Test
    void a_queue_that_is_switched_off_says_how_far_it_came() {
        Rig rig = taking(Liberty.FETCHES_AHEAD);
        rig.decides((n, why) -> n - 1);
        rig.append(new Command.CfgiAll(), new Command.TlbiNsnhAll(), new Command.CfgiAll());
        rig.publish();
        rig.step(Rig.CMDQ_STRAND);
        rig.write(Reg.CR0, Rig.ALL_ON & ~Rig.CMDQEN);
        rig.step("smmu registers");
        assertThat(rig.cons()).isEqualTo(1);
        rig.put(Rig.CMDQ + 16, SYNC.w0(), SYNC.w1());
        rig.enable(Rig.ALL_ON);
        assertThat(rig.entries(SmmuEntry.SyncDone.class)).as("read again").hasSize(1);
    }

    @Test
    void a_record_may_come_late_but_not_after_a_sync() {
        Rig rig = taking(Liberty.HOLDS_EVENTS);
        rig.function.writes(0x1000, 1);
        rig.run(Rig.PORT);
        assertThat(rig.events()).isEmpty();
        rig.append(SYNC);
        rig.publish();
        rig.step(Rig.CMDQ_STRAND);
        assertThat(rig.events()).hasSize(1);

        rig.function.writes(0x1000, 1);
        rig.settle();
        assertThat(rig.events()).as("some time later").hasSize(1);

        usual.function.writes(0x1000, 1);
        usual.run(Rig.PORT);
        assertThat(usual.events()).hasSize(1);
    }

    @Test
    void records_that_are_held_back_keep_their_order_and_none_is_lost() {
        Rig rig = taking(Liberty.HOLDS_EVENTS);
        for (int i = 0; i < 12; i++) {
            rig.function.writes(0x1000L * (i + 1), 1);
        }
        rig.run(Rig.PORT);
        var events = new ArrayList<>(rig.events());
        rig.settle();
        events.addAll(rig.events());
        assertThat(events).extracting(Event::w2).isSorted().hasSize(12);
    }

    /** Sixteen contiguous pages: the first is used, the second is cleared and then used. */
    private static boolean second(Rig rig) {
        long group = Rig.PAGE & -0x1_0000L;
        long cont = 1L << 52;
        for (int i = 0; i < 16; i++) {
            rig.put((Rig.LEAF_AT & -0x80L) + 8L * i, (0x8_AA55_0F47L | cont) + 0x1000L * i);
        }
        rig.function.writes(group, 1);
        rig.settle();
        rig.put((Rig.LEAF_AT & -0x80L) + 8, 0);
        rig.function.writes(group + 0x1000, 2);
        rig.settle();
        return rig.ram.load(0x8_AA55_1000L) == 2;
    }

    @Test
    void one_page_of_a_contiguous_group_may_stand_for_all() {
        assertThat(second(usual)).isFalse();
        Rig rig = taking(Liberty.WIDENS_ENTRIES);
        assertThat(second(rig)).isTrue();

        rig.issue(forget((Rig.PAGE & -0x1_0000L) + 0x5000), SYNC);
        assertThat(second(rig)).as("the group is read again").isTrue();
        rig.function.writes((Rig.PAGE & -0x1_0000L) + 0x1000, 3);
        rig.issue(forget((Rig.PAGE & -0x1_0000L) + 0x5000), SYNC);
        rig.put(0x8_AA55_1000L, 0);
        rig.function.writes((Rig.PAGE & -0x1_0000L) + 0x1000, 4);
        rig.settle();
        assertThat(rig.ram.load(0x8_AA55_1000L)).as("forgotten").isZero();
    }

    @Test
    void a_transaction_may_be_checked_in_one_step() {
        usual.function.writes(Rig.IOVA, 7);
        usual.step(Rig.PORT);
        assertThat(usual.can(Rig.LANDING)).as("on its way through the tables").isFalse();

        Rig rig = taking(Liberty.CHECKS_AT_ONCE);
        rig.function.writes(Rig.IOVA, 7);
        rig.step(Rig.PORT);
        rig.step(Rig.LANDING);
        assertThat(rig.ram.load(Rig.PA)).isEqualTo(7);
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
