// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TraceTest {
    private enum Phase { IDLE, BUSY }

    private record Pair(Phase phase, List<Integer> numbers) { }

    private final Undo undo = new Undo();
    private final Trace trace = undo.trace();
    private final Word a = new Word(undo);
    private final Word b = new Word(undo, 7);
    private final Words row = new Words(undo, 4);
    private final Ref<Object> ref = new Ref<>(undo, null);

    @AfterEach
    void off() {
        trace.end();
    }

    private void begin() {
        undo.rollback();
        trace.begin(Trace.fresh("boot"));
    }

    private void wired() {
        undo.mark();
        begin();
    }

    private long hashAfter(Runnable... steps) {
        begin();
        for (Runnable step : steps) {
            step.run();
        }
        return trace.hash();
    }

    private Footprint printOf(Runnable step) {
        trace.record();
        step.run();
        Footprint print = trace.footprint();
        trace.recordNothing();
        return print;
    }

    @Test
    void equal_states_have_equal_hashes_in_whatever_order_they_were_reached() {
        wired();
        Runnable one = () -> a.set(5);
        Runnable two = () -> row.set(2, 9);
        Runnable three = () -> ref.set("text");

        assertThat(hashAfter(one, two, three)).isEqualTo(hashAfter(three, two, one)).isNotZero();
    }

    @Test
    void a_memo_rolls_back_and_makes_no_other_state() {
        var memo = new Memo(undo);
        memo.set(3);
        wired();

        assertThat(hashAfter(memo::increment, memo::increment)).isZero();
        trace.end();
        assertThat(memo.get()).isEqualTo(5);
        undo.rollback();
        assertThat(memo.get()).isEqualTo(3);
    }

    @Test
    void nobody_looks_at_a_memo_in_a_run_that_is_searched() {
        var memo = new Memo(undo);
        wired();

        assertThatThrownBy(memo::get).isInstanceOf(IllegalStateException.class).hasMessageContaining("memo");
    }

    @Test
    void a_way_there_and_back_leaves_no_hash() {
        wired();

        assertThat(hashAfter(() -> b.set(8), () -> ref.set(Phase.BUSY), () -> ref.set(null), () -> b.set(7)))
                .isZero();
    }

    @Test
    void the_same_value_in_another_cell_is_another_state() {
        wired();

        assertThat(hashAfter(() -> a.set(3))).isNotEqualTo(hashAfter(() -> row.set(0, 3)));
        assertThat(hashAfter(() -> row.set(0, 3))).isNotEqualTo(hashAfter(() -> row.set(1, 3)));
        assertThat(hashAfter(() -> a.set(3))).isNotEqualTo(hashAfter(() -> a.set(4)));
    }

    @Test
    void what_happened_before_the_mark_is_no_part_of_the_hash() {
        a.set(77);
        wired();

        assertThat(trace.hash()).isZero();
    }

    @Test
    void values_count_by_content() {
        wired();

        assertThat(hashAfter(() -> ref.set(new Pair(Phase.BUSY, List.of(1, 2)))))
                .isEqualTo(hashAfter(() -> ref.set(new Pair(Phase.BUSY, List.of(1, 2)))))
                .isNotEqualTo(hashAfter(() -> ref.set(new Pair(Phase.BUSY, List.of(2, 1)))))
                .isNotEqualTo(hashAfter(() -> ref.set(new Pair(Phase.IDLE, List.of(1, 2)))));
    }

    @Test
    void objects_with_cells_count_by_which_they_are_and_not_by_what_they_hold() {
        Irq one = new Irq(undo, "one");
        Irq other = new Irq(undo, "other");
        wired();

        assertThat(hashAfter(() -> ref.set(one))).isNotEqualTo(hashAfter(() -> ref.set(other)));
        long calm = hashAfter(() -> ref.set(one));
        long raised = hashAfter(one::pulse);
        assertThat(hashAfter(() -> ref.set(one), one::pulse)).isEqualTo(calm ^ raised);
    }

    @Test
    void a_value_may_hold_itself() {
        final class Knot {
            private final Object[] self = {this};
        }
        wired();

        assertThat(hashAfter(() -> ref.set(new Knot()))).isEqualTo(hashAfter(() -> ref.set(new Knot())));
    }

    @Test
    void a_lambda_counts_by_who_stores_it_and_how_many_he_stored_before() {
        wired();
        Runnable store = () -> ref.set((Condition) () -> a.test());
        Runnable away = () -> ref.set(null);

        assertThat(hashAfter(store)).isEqualTo(hashAfter(store)).isNotZero();
        assertThat(hashAfter(store)).isNotEqualTo(hashAfter(store, away, store));
        assertThat(hashAfter(store, away)).isZero();
    }

    @Test
    void a_lambda_inside_a_value_is_refused() {
        wired();
        Object[] holds = {(Condition) a::test};

        assertThatThrownBy(() -> ref.set(holds)).isInstanceOf(InternalError.class);
    }

    @Test
    void cells_made_on_the_way_are_the_same_whoever_made_his_first() {
        wired();
        Witness one = Trace.fresh("one");
        Witness other = Trace.fresh("other");
        Consumer<Witness> make = who -> {
            trace.enter(who);
            new Word(undo).set(who.name());
        };

        long first = hashAfter(() -> make.accept(one), () -> make.accept(other));
        Witness oneAgain = Trace.fresh("one");
        Witness otherAgain = Trace.fresh("other");
        assertThat(hashAfter(() -> make.accept(otherAgain), () -> make.accept(oneAgain))).isEqualTo(first);
    }

    @Test
    void what_a_new_cell_holds_from_the_start_is_in_the_hash() {
        wired();

        assertThat(hashAfter(() -> new Word(undo, 1))).isNotEqualTo(hashAfter(() -> new Word(undo, 2)));
        assertThat(hashAfter(() -> new Word(undo, 0))).isNotEqualTo(hashAfter());
        assertThat(hashAfter(() -> new Ref<>(undo, "x"))).isNotEqualTo(hashAfter(() -> new Ref<>(undo, "y")));
    }

    @Test
    void memory_is_in_the_hash_and_frames_that_come_into_being_are_not() {
        Ram ram = new Ram(undo, 1 << 20);
        wired();

        assertThat(hashAfter(() -> ram.load(0x5000), () -> ram.frame(0x6000))).isZero();
        assertThat(hashAfter(() -> ram.store(0x5008, 1))).isNotZero()
                .isNotEqualTo(hashAfter(() -> ram.store(0x5010, 1)))
                .isNotEqualTo(hashAfter(() -> ram.store(0x6008, 1)));
        assertThat(hashAfter(() -> ram.store(0x5008, 1), () -> ram.store(0x5008, 0))).isZero();
    }

    @Test
    void a_growing_list_is_hashed_by_what_it_holds_where() {
        Growing<String> list = new Growing<>(undo);
        wired();

        assertThat(hashAfter(() -> list.append("a"), () -> list.append("b")))
                .isNotEqualTo(hashAfter(() -> list.append("b"), () -> list.append("a")));
    }

    @Test
    void reads_conflict_with_changes_and_with_nothing_else() {
        wired();
        Footprint readA = printOf(a::get);
        Footprint readToo = printOf(a::get);
        Footprint changesA = printOf(() -> a.set(1));
        Footprint changesB = printOf(() -> b.set(1));

        assertThat(readA.conflicts(readToo)).isFalse();
        assertThat(readA.conflicts(changesA)).isTrue();
        assertThat(changesA.conflicts(readA)).isTrue();
        assertThat(changesA.conflicts(changesA)).isTrue();
        assertThat(changesA.conflicts(changesB)).isFalse();
        assertThat(readA.conflicts(changesB)).isFalse();
    }

    @Test
    void a_store_of_what_was_there_is_a_read() {
        wired();
        ref.set(new Pair(Phase.IDLE, List.of()));

        assertThat(printOf(() -> a.set(0)).readOnly()).isTrue();
        assertThat(printOf(() -> row.set(1, 0)).readOnly()).isTrue();
        assertThat(printOf(() -> ref.set(new Pair(Phase.IDLE, List.of()))).readOnly()).isTrue();
        assertThat(printOf(() -> a.set(0)).conflicts(printOf(() -> a.set(1)))).isTrue();
    }

    @Test
    void every_access_of_every_kind_of_cell_is_in_the_footprint() {
        Ram ram = new Ram(undo, 1 << 20);
        wired();
        List<Runnable> reads = List.of(a::get, () -> a.set(a.get()), () -> row.get(3), ref::get,
                () -> ram.load(0x3000), () -> ram.store(0x3000, 0), () -> ram.frame(0).owner(),
                () -> ram.frame(0).epoch(), () -> ram.frame(0).poisoned());
        List<Runnable> changes = List.of(() -> a.set(1), () -> a.add(1), () -> row.set(3, 1),
                () -> ref.set("x"), () -> ram.store(0x3000, 1), () -> ram.frame(0).assign("x"));

        assertThat(reads).allSatisfy(r -> {
            assertThat(printOf(r).reads()).isEqualTo(1);
            assertThat(printOf(r).writes()).isZero();
        });
        assertThat(changes).allSatisfy(c -> assertThat(printOf(c).writes()).isPositive());
    }

    @Test
    void a_footprint_with_another_is_what_both_did() {
        wired();
        Footprint both = printOf(a::get).with(printOf(() -> b.set(1)));

        assertThat(both.conflicts(printOf(() -> a.set(9)))).isTrue();
        assertThat(both.conflicts(printOf(b::get))).isTrue();
        assertThat(printOf(a::get).with(printOf(() -> a.set(4))).reads()).isZero();
    }

    @Test
    void a_footprint_may_be_large() {
        Words wide = new Words(undo, 1000);
        wired();
        Footprint print = printOf(() -> {
            for (int i = 0; i < 1000; i++) {
                wide.set(i, i % 2);
            }
        });

        assertThat(print.writes()).isEqualTo(500);
        assertThat(print.reads()).isEqualTo(500);
    }

    @Test
    void a_history_is_made_of_what_is_read_and_not_of_what_is_written() {
        wired();
        long before = trace.history();
        a.set(5);
        assertThat(trace.history()).isEqualTo(before);

        a.get();
        long saw5 = trace.history();
        assertThat(saw5).isNotEqualTo(before);

        begin();
        a.set(6);
        a.get();
        assertThat(trace.history()).isNotEqualTo(saw5);
    }

    @Test
    void every_kind_of_read_is_observed() {
        Ram ram = new Ram(undo, 1 << 20);
        Growing<String> list = new Growing<>(undo);
        list.append("x");
        wired();
        List<Runnable> reads = List.of(a::get, () -> a.add(1), () -> row.get(0), ref::get, () -> ram.load(8),
                list::size, () -> list.get(0));

        assertThat(reads).allSatisfy(read -> {
            long before = trace.history();
            read.run();
            assertThat(trace.history()).isNotEqualTo(before);
        });
    }

    @Test
    void each_strand_has_a_history_of_its_own() {
        wired();
        Witness one = Trace.fresh("one");
        Witness other = Trace.fresh("other");
        trace.enter(one);
        a.get();
        trace.enter(other);
        b.get();
        trace.enter(one);
        row.get(0);
        long together = trace.history();

        begin();
        Witness again = Trace.fresh("one");
        trace.enter(again);
        a.get();
        row.get(0);
        assertThat(trace.history()).isEqualTo(together);
    }

    @Test
    void somebody_started_knows_what_his_maker_knew() {
        wired();
        a.get();
        Witness child = trace.witness("child");
        a.set(1);
        begin();
        a.set(1);
        a.get();

        assertThat(trace.witness("child").history()).isNotEqualTo(child.history());
        assertThat(trace.witness("child").name()).isEqualTo(child.name());
    }

    @Test
    void what_is_asked_aside_is_nobodys_observation_and_in_no_footprint() {
        wired();
        long before = trace.history();
        Footprint print = printOf(() -> {
            int mode = trace.aside();
            a.get();
            trace.back(mode);
        });

        assertThat(trace.history()).isEqualTo(before);
        assertThat(print.reads()).isZero();
    }

    @Test
    void what_listeners_read_is_in_the_footprint_and_not_in_the_history() {
        Machine machine = new Machine();
        Word seen = new Word(machine.undo());
        machine.log().listen(entry -> seen.set(seen.get() + 1), false);
        machine.undo().mark();
        Trace other = machine.undo().trace();
        other.begin(Trace.fresh("boot"));
        long before = other.history();
        other.record();
        machine.log().add(() -> "something");

        assertThat(other.history()).isEqualTo(before);
        assertThat(other.footprint().writes()).isEqualTo(1);
        other.end();
    }

    @Test
    void of_what_is_forgotten_the_result_remains() {
        wired();
        trace.open();
        a.get();
        trace.close(1);
        long one = trace.history();

        begin();
        trace.open();
        a.get();
        a.get();
        trace.close(1);
        assertThat(trace.history()).isEqualTo(one);

        begin();
        trace.open();
        a.get();
        trace.close(2);
        assertThat(trace.history()).isNotEqualTo(one);
    }

    @Test
    void what_is_tried_again_is_as_if_it_had_not_been_tried() {
        wired();
        trace.open();
        long before = trace.history();
        a.get();
        trace.again();

        assertThat(trace.history()).isEqualTo(before);
        b.get();
        long once = trace.history();
        trace.keep();
        assertThat(trace.history()).isEqualTo(once);
    }

    @Test
    void asleep_it_follows_who_makes_cells_and_nothing_else() {
        wired();
        Witness one = Trace.fresh("one");
        trace.enter(one);
        a.get();
        new Word(undo, 5).set(6);
        long hash = trace.hash();
        trace.settle();
        long[] saved = new long[one.size()];
        one.save(saved, 0);
        new Word(undo, 7);
        a.get();
        long end = trace.hash();
        long history = trace.history();

        begin();
        Witness again = Trace.fresh("one");
        trace.sleep();
        trace.enter(again);
        a.get();
        new Word(undo, 5).set(6);
        again.load(saved, 0);
        trace.wake(hash);
        new Word(undo, 7);
        a.get();
        assertThat(trace.hash()).isEqualTo(end);
        assertThat(trace.history()).isEqualTo(history);
    }

    @Test
    void it_begins_at_the_mark_only() {
        undo.mark();
        a.set(1);

        assertThatThrownBy(() -> trace.begin(Trace.fresh("boot"))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void ended_it_hears_nothing() {
        wired();
        trace.end();
        long before = trace.hash();
        a.set(1);
        a.get();

        assertThat(trace.hash()).isEqualTo(before);
        assertThat(undo.attentive).isFalse();
    }
}
