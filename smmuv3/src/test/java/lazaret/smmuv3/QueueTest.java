// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What the queue vectors leave out. */
class QueueTest {
    private final Queue queue = new Queue(3);

    @Test
    void an_index_goes_round_twice_before_it_repeats() {
        int reg = 0;
        for (int i = 0; i < 16; i++) {
            assertThat(reg).isEqualTo(i);
            assertThat(queue.idx(reg)).isEqualTo(i % 8);
            assertThat(queue.wrap(reg)).isEqualTo(i / 8 * 8);
            reg = queue.inc(reg);
        }
        assertThat(reg).isZero();
    }

    @Test
    void moving_on_keeps_the_overflow_flag_and_nothing_else() {
        assertThat(queue.inc(Queue.OVERFLOW | 0xf)).isEqualTo(Queue.OVERFLOW);
        assertThat(queue.add(0x7fff_fff0, 3)).isEqualTo(3);
        assertThat(queue.add(14, 5)).isEqualTo(3);
    }

    @Test
    void bits_above_the_wrap_bit_do_not_matter() {
        assertThat(queue.empty(0xf0, 0)).isTrue();
        assertThat(queue.full(0xf8, Queue.OVERFLOW)).isTrue();
        assertThat(queue.used(0xf3, 1)).isEqualTo(2);
    }

    @Test
    void a_queue_fills_by_one_and_empties_by_one() {
        for (int cons = 0; cons < 16; cons++) {
            int prod = cons;
            for (int used = 0; used <= 8; used++) {
                assertThat(queue.used(prod, cons)).isEqualTo(used);
                assertThat(queue.space(prod, cons)).isEqualTo(8 - used);
                assertThat(queue.empty(prod, cons)).isEqualTo(used == 0);
                assertThat(queue.full(prod, cons)).isEqualTo(used == 8);
                assertThat(queue.inconsistent(prod, cons)).isFalse();
                prod = queue.inc(prod);
            }
            assertThat(queue.inconsistent(prod, cons)).isTrue();
            assertThat(queue.space(prod, cons)).isZero();
        }
    }

    @Test
    void an_overflow_is_reported_once_until_it_is_acknowledged() {
        int prod = Queue.drop(8, 0);
        assertThat(prod).isEqualTo(0x8000_0008);
        assertThat(Queue.overflowed(prod, 0)).isTrue();
        assertThat(Queue.drop(prod, 0)).isEqualTo(prod);

        int cons = Queue.ack(prod, 1);
        assertThat(cons).isEqualTo(0x8000_0001);
        assertThat(Queue.overflowed(prod, cons)).isFalse();
        assertThat(Queue.drop(prod, cons)).isEqualTo(8);
    }

    @Test
    void slots_follow_a_base_that_is_aligned_to_the_queue() {
        long base = 0x8_0000_0000L;

        assertThat(queue.slot(base | 3, 0xa, Queue.COMMAND)).isEqualTo(base + 2 * 16);
        assertThat(queue.slot(base | 0x40, 0, Queue.COMMAND)).isEqualTo(base);
        assertThat(queue.slot(base | 0x80, 1, Queue.EVENT)).isEqualTo(base + 32);
        assertThat(new Queue(0).slot(base | 0x20, 0, Queue.COMMAND)).as("at least 32").isEqualTo(base + 0x20);
        assertThat(queue.slot(base | QueueBase.RA.mask(), 7, Queue.PRI)).isEqualTo(base + 7 * 16);
    }

    @Test
    void a_size_that_no_smmu_has_is_refused() {
        assertThatThrownBy(() -> new Queue(20)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Queue(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
