// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.TreeMap;
import lazaret.machine.Machine;
import org.junit.jupiter.api.Test;

class BookTest {
    private final Machine machine = new Machine();
    private final Book<String, Integer> book = new Book<>(machine, 4);

    @Test
    void it_is_a_map() {
        var random = new SplittableRandom(1);
        var map = new TreeMap<String, Integer>();
        for (int i = 0; i < 2000; i++) {
            String key = "key" + random.nextInt(20);
            if (random.nextInt(3) == 0) {
                book.remove(key);
                map.remove(key);
            } else {
                book.put(key, i);
                map.put(key, i);
            }
            assertThat(book.get(key, null)).isEqualTo(map.get(key));
        }
        assertThat(book.lines()).hasSize(map.size())
                .allSatisfy(line -> assertThat(map).containsEntry(line.key(), line.value()));
    }

    @Test
    void equal_contents_are_equal_cells_in_whatever_order_they_came_about() {
        var other = new Book<String, Integer>(machine, 4);
        for (int i = 0; i < 20; i++) {
            book.put("key" + i, i);
            other.put("key" + (19 - i), 19 - i);
        }
        assertThat(other.lines()).isEqualTo(book.lines());
    }

    @Test
    void it_rolls_back_with_the_machine() {
        book.put("a", 1);
        machine.undo().mark();
        book.put("a", 2);
        book.put("b", 3);
        book.remove("a");
        machine.undo().rollback();

        assertThat(book.get("a", 0)).isEqualTo(1);
        assertThat(book.has("b")).isFalse();
    }

    @Test
    void to_write_what_stands_there_already_changes_nothing() {
        book.put("a", 1);
        machine.undo().mark();
        book.put("a", 1);
        book.remove("b");

        assertThat(machine.undo().size()).isZero();
    }
}
