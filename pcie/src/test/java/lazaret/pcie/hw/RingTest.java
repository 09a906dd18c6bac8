// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.SplittableRandom;
import lazaret.machine.Undo;
import lazaret.machine.Unmodelled;
import org.junit.jupiter.api.Test;

class RingTest {
    private final Undo undo = new Undo();
    private final Ring<String> ring = new Ring<>(undo, "inbox", 3);

    @Test
    void elements_leave_in_the_order_they_came() {
        var random = new SplittableRandom(3);
        var expected = new ArrayDeque<String>();
        for (int i = 0; i < 1000; i++) {
            if (expected.size() < 3 && random.nextBoolean()) {
                ring.add("e" + i, i);
                expected.add("e" + i);
            } else if (!expected.isEmpty()) {
                assertThat(ring.time()).isEqualTo(Long.parseLong(ring.peek().substring(1)));
                assertThat(ring.take()).isEqualTo(expected.remove());
            }
            assertThat(ring.isEmpty()).isEqualTo(expected.isEmpty());
        }
    }

    @Test
    void more_than_it_holds_is_not_modelled() {
        ring.add("a", 0);
        ring.add("b", 0);
        ring.add("c", 0);

        assertThatThrownBy(() -> ring.add("d", 0))
                .isInstanceOf(Unmodelled.class)
                .hasMessageContaining("inbox");
    }

    @Test
    void all_may_leave_at_a_new_time() {
        ring.add("a", 0);
        ring.take();
        ring.add("b", 10);
        ring.add("c", 20);
        ring.add("d", 30);
        ring.retime(5);

        for (int i = 0; i < 3; i++) {
            assertThat(ring.time()).isEqualTo(5);
            ring.take();
        }
    }

    @Test
    void it_rolls_back() {
        ring.add("a", 1);
        ring.add("b", 2);
        undo.mark();
        ring.clear();
        ring.add("c", 3);
        undo.rollback();

        assertThat(ring.time()).isEqualTo(1);
        assertThat(ring.take()).isEqualTo("a");
        assertThat(ring.take()).isEqualTo("b");
        assertThat(ring.isEmpty()).isTrue();
    }
}
