// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReadyTest {
    private final Machine machine = new Machine();
    private final Undo undo = machine.undo();
    private final List<String> asked = new ArrayList<>();

    @Test
    void those_that_may_step_are_listed_in_the_order_they_were_added_behind_what_is_there() {
        Word one = new Word(undo, 1);
        add("a", one::test);
        add("b", () -> !one.test());
        add("c", one::test);
        Strand[] to = new Strand[5];

        assertThat(machine.enabled(to, 1)).isEqualTo(3);
        assertThat(to[0]).isNull();
        assertThat(to[1].name()).isEqualTo("a");
        assertThat(to[2].name()).isEqualTo("c");
    }

    @Test
    void a_strand_is_asked_again_only_when_a_cell_it_looked_at_has_changed() {
        Word mine = new Word(undo);
        Word other = new Word(undo);
        add("a", mine::test);
        assertThat(ready()).isEmpty();
        asked.clear();

        assertThat(ready()).isEmpty();
        other.set(1);
        assertThat(ready()).isEmpty();
        assertThat(asked).isEmpty();
        mine.set(1);
        assertThat(ready()).containsExactly("a");
        mine.set(1);
        assertThat(ready()).containsExactly("a");
        assertThat(asked).containsExactly("a");
    }

    @Test
    void every_kind_of_cell_tells_that_it_changed() {
        Word word = new Word(undo);
        Words words = new Words(undo, 4);
        Ref<String> ref = new Ref<>(undo, "");
        Irq irq = new Irq(undo, "irq");
        Alarm alarm = machine.clock().alarm("alarm");
        add("word", () -> word.asInt() == 1);
        add("words", () -> words.get(2) == 1);
        add("ref", () -> ref.get().equals("on"));
        add("irq", irq::pending);
        add("ram", () -> machine.ram().load(0x8000) == 1);
        add("frame", () -> machine.ram().frame(0x9000).poisoned());
        add("due", alarm::due);
        add("now", () -> machine.clock().now() == 5);
        assertThat(ready()).isEmpty();

        word.set(1);
        assertThat(ready()).containsExactly("word");
        words.set(2, 1);
        assertThat(ready()).containsExactly("word", "words");
        ref.set("on");
        irq.pulse();
        assertThat(ready()).containsExactly("word", "words", "ref", "irq");
        machine.ram().store(0x8000, 1);
        machine.ram().frame(0x9000).release();
        assertThat(ready()).containsExactly("word", "words", "ref", "irq", "ram", "frame");
        alarm.arm(5);
        assertThat(ready()).endsWith("frame", "time");
        machine.clock().step();
        assertThat(ready()).endsWith("frame", "due", "now");
        machine.ram().clear(0x8000);
        assertThat(ready()).doesNotContain("ram");
    }

    @Test
    void time_is_last_and_only_where_nothing_prompt_may_step() {
        Word prompt = new Word(undo);
        Word lazy = new Word(undo, 1);
        machine.add(new Asked("prompt", prompt::test, true));
        machine.add(new Asked("lazy", lazy::test, false));
        assertThat(ready()).containsExactly("lazy");
        machine.clock().alarm("a").arm(7);

        assertThat(ready()).containsExactly("lazy", "time");
        prompt.set(1);
        assertThat(ready()).containsExactly("prompt", "lazy");
    }

    @Test
    void time_waits_for_prompt_strands_beyond_those_that_have_a_bit() {
        Word work = new Word(undo);
        for (int i = 0; i < 70; i++) {
            machine.add(new Asked("s" + i, i == 69 ? work::test : () -> false, true));
        }
        machine.clock().alarm("a").arm(7);
        assertThat(ready()).containsExactly("time");
        work.set(1);

        assertThat(ready()).containsExactly("s69");
    }

    @Test
    void answers_are_settled_until_a_cell_changes_or_hardware_joins_or_some_has_no_bit() {
        Word work = new Word(undo);
        for (int i = 0; i < 39; i++) {
            machine.add(new Asked("s" + i, work::test, true));
        }
        ready();
        assertThat(machine.settled(0)).isTrue();
        work.set(1);
        assertThat(machine.settled(0)).isFalse();
        work.set(0);
        ready();
        machine.add(new Asked("the last with a bit", work::test, true));
        assertThat(machine.settled(0)).isFalse();
        ready();
        assertThat(machine.settled(0)).isTrue();

        machine.add(new Asked("one more", work::test, true));
        assertThat(machine.settled(0)).isFalse();
        ready();
        assertThat(machine.settled(0)).isFalse();
    }

    @Test
    void a_strand_that_looks_at_no_cell_is_asked_each_time() {
        boolean[] on = new boolean[1];
        add("a", () -> on[0]);
        assertThat(ready()).isEmpty();
        on[0] = true;
        assertThat(ready()).containsExactly("a");
        on[0] = false;
        assertThat(ready()).isEmpty();
    }

    @Test
    void a_strand_that_depends_on_more_than_the_cells_it_looks_at_is_found_out() {
        boolean[] on = new boolean[1];
        Word cell = new Word(undo, 1);
        add("a", () -> cell.test() && on[0]);
        assertThat(ready()).isEmpty();
        on[0] = true;

        assertThatThrownBy(this::ready).isInstanceOf(AssertionError.class)
                .hasMessage("a: whether it is enabled depends on something that is no cell");
    }

    @Test
    void a_limit_that_depends_on_more_than_cells_is_found_out() {
        boolean[] moot = new boolean[1];
        machine.clock().alarm("limit").armUnless(5, () -> moot[0]);
        assertThat(ready()).containsExactly("time");
        moot[0] = true;

        assertThatThrownBy(this::ready).hasMessageStartingWith("an alarm: ");
    }

    @Test
    void a_strand_that_fails_leaves_the_cells_unwatched() {
        Word cell = new Word(undo);
        add("a", () -> {
            throw new IllegalStateException("broken");
        });

        assertThatThrownBy(this::ready).hasMessage("broken");
        assertThat(undo.watching).isZero();
        assertThat(cell.get()).isZero();
    }

    @Test
    void roll_back_is_noticed_and_so_is_hardware_that_comes_and_goes() {
        Word cell = new Word(undo);
        add("a", cell::test);
        undo.mark();
        for (int run = 0; run < 3; run++) {
            cell.set(1);
            add("late", () -> cell.get() == 1);
            assertThat(ready()).containsExactly("a", "late");
            undo.rollback();
            assertThat(ready()).isEmpty();
        }
    }

    @Test
    void random_machines_agree_with_asking_everybody_each_time() {
        var random = new SplittableRandom(8);
        for (int round = 0; round < 20; round++) {
            Machine many = new Machine();
            Words cells = new Words(many.undo(), 40);
            Words row = new Words(many.undo(), 1);
            int count = random.nextInt(1, 90);      // more than have a bit of their own
            for (int i = 0; i < count; i++) {
                many.add(strand(many, random, cells, row, i));
            }
            many.undo().mark();
            Strand[] to = new Strand[count + 1];
            for (int step = 0; step < 300; step++) {
                int n = many.enabled(to, 0);
                assertThat(Arrays.asList(to).subList(0, n))
                        .isEqualTo(many.hardware().stream().filter(Strand::enabled).toList());
                change(many, random, cells, row);
            }
        }
    }

    private Strand strand(Machine many, SplittableRandom random, Words cells, Words row, int i) {
        int a = random.nextInt(40);
        int b = random.nextInt(40);
        long page = random.nextInt(8) << 12;
        return switch (random.nextInt(3)) {
            case 0 -> new Asked("s" + i, () -> cells.get(a) == 1 && cells.get(b) != 2, true);
            case 1 -> new Asked("s" + i, () -> row.get(0) > i || cells.get(a) == 3, false);
            default -> new Asked("s" + i, () -> many.ram().load(page) == cells.get(b), true);
        };
    }

    private static void change(Machine many, SplittableRandom random, Words cells, Words row) {
        switch (random.nextInt(20)) {
            case 0 -> many.undo().rollback();
            case 1, 2 -> row.set(0, random.nextInt(90));
            case 3, 4, 5 -> many.ram().store(random.nextInt(8) << 12, random.nextInt(4));
            default -> cells.set(random.nextInt(40), random.nextInt(4));
        }
    }

    private void add(String name, Condition enabled) {
        machine.add(new Asked(name, enabled, false));
    }

    private List<String> ready() {
        Strand[] to = new Strand[machine.hardware().size() + 1];
        int n = machine.enabled(to, 0);
        return Arrays.stream(to, 0, n).map(Strand::name).toList();
    }

    /** Notes when it is asked in earnest, not by the check that assertions make. */
    private final class Asked implements Strand {
        private final String name;
        private final Condition condition;
        private final boolean prompt;

        Asked(String name, Condition condition, boolean prompt) {
            this.name = name;
            this.condition = condition;
            this.prompt = prompt;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean enabled() {
            if (undo.watching != 0) {
                asked.add(name);
            }
            return condition.holds();
        }

        @Override
        public void step() {
            throw new IllegalStateException("not stepped here");
        }

        @Override
        public boolean prompt() {
            return prompt;
        }
    }
}
