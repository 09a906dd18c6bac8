// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class UndoTest {
    private final Undo undo = new Undo();

    @Test
    void each_kind_of_cell_returns_to_its_value_at_the_mark() {
        Word word = new Word(undo, 5);
        Words words = new Words(undo, 3);
        Ref<String> ref = new Ref<>(undo, "old");
        words.set(1, 7);
        undo.mark();

        word.set(6);
        word.add(10);
        words.set(1, 8);
        words.set(2, 9);
        ref.set("new");
        ref.set(null);
        undo.rollback();

        assertThat(word.get()).isEqualTo(5);
        assertThat(words.get(1)).isEqualTo(7);
        assertThat(words.get(2)).isZero();
        assertThat(ref.get()).isEqualTo("old");
        assertThat(undo.size()).isZero();
    }

    @Test
    void before_the_mark_nothing_is_recorded() {
        Word word = new Word(undo);
        word.set(1);
        undo.rollback();

        assertThat(word.get()).isEqualTo(1);
        assertThat(undo.size()).isZero();
    }

    @Test
    void the_mark_stays_and_can_be_returned_to_again_and_again() {
        Word word = new Word(undo, 1);
        undo.mark();
        for (int i = 0; i < 3; i++) {
            word.set(100 + i);
            undo.rollback();
            assertThat(word.get()).isEqualTo(1);
        }
    }

    @Test
    void a_new_mark_makes_what_happened_before_final() {
        Word word = new Word(undo, 1);
        undo.mark();
        word.set(2);
        undo.mark();
        word.set(3);
        undo.rollback();

        assertThat(word.get()).isEqualTo(2);
    }

    @Test
    void storing_the_same_value_costs_no_entry() {
        Word word = new Word(undo, 1);
        Words words = new Words(undo, 2);
        Ref<String> ref = new Ref<>(undo, "x");
        undo.mark();

        word.set(1);
        words.fill(0);
        ref.set("x");

        assertThat(undo.size()).isZero();
    }

    @Test
    void cells_made_after_the_mark_return_to_what_they_held_when_made() {
        undo.mark();
        Word word = new Word(undo, 4);
        word.set(5);
        undo.rollback();

        assertThat(word.get()).isEqualTo(4);
    }

    @Test
    void a_random_history_over_all_kinds_of_cells_is_undone_completely() {
        var random = new SplittableRandom(3);
        Word[] single = new Word[20];
        @SuppressWarnings({"unchecked", "rawtypes"})
        Ref<Integer>[] refs = new Ref[20];
        Words row = new Words(undo, 50);
        for (int i = 0; i < single.length; i++) {
            single[i] = new Word(undo, random.nextLong(4));
            refs[i] = new Ref<>(undo, random.nextInt(4));
        }
        undo.mark();
        String before = print(single, refs, row);
        for (int round = 0; round < 50; round++) {
            int changes = random.nextInt(5000);     // more than the journal's first size
            for (int i = 0; i < changes; i++) {
                switch (random.nextInt(3)) {
                    case 0 -> single[random.nextInt(20)].set(random.nextLong(4));
                    case 1 -> refs[random.nextInt(20)].set(random.nextInt(4));
                    default -> row.set(random.nextInt(50), random.nextLong(4));
                }
            }
            undo.rollback();
            assertThat(print(single, refs, row)).isEqualTo(before);
        }
    }

    @Test
    void a_word_outside_a_row_is_refused_with_its_index() {
        Words words = new Words(undo, 8);

        assertThatThrownBy(() -> words.get(8)).isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("no word 8 in a row of 8");
        assertThatThrownBy(() -> words.set(-1, 0)).hasMessage("no word -1 in a row of 8");
        assertThatThrownBy(() -> new Words(undo, -1)).hasMessage("a row of -1 words");
        assertThat(words.length()).isEqualTo(8);
    }

    @Test
    void cells_print_their_value() {
        assertThat(new Word(undo, -3)).hasToString("-3");
        assertThat(new Ref<>(undo, "x")).hasToString("x");
        Word flag = new Word(undo);
        flag.set(true);
        assertThat(flag.test()).isTrue();
        assertThat(flag.asInt()).isEqualTo(1);
    }

    private static String print(Word[] single, Ref<Integer>[] refs, Words row) {
        var text = new StringBuilder();
        for (int i = 0; i < single.length; i++) {
            text.append(single[i]).append(' ').append(refs[i]).append(' ');
        }
        for (int i = 0; i < row.length(); i++) {
            text.append(row.get(i)).append(' ');
        }
        return text.toString();
    }
}
