// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import lazaret.kernel.Cpu;
import lazaret.kernel.Kernel;
import lazaret.machine.Machine;
import lazaret.smmuv3.Queue;
import org.junit.jupiter.api.Test;

class ValidMapTest {
    private final Machine machine = new Machine();
    private final Kernel kernel = new Kernel(machine);

    /** Does a wait for these slots return at once? With nobody else there it would otherwise be for ever. */
    private boolean valid(ValidMap map, int from, int to) {
        Cpu cpu = kernel.cpu("cpu" + machine.undo().size());
        List<String> returned = new ArrayList<>();
        try {
            Interleaved.run(machine, (n, why) -> 0, () -> cpu.start("waiter", () -> {
                map.await(from, to);
                returned.add("yes");
            }));
        } catch (AssertionError stuck) {
            assertThat(stuck).hasMessageContaining("wait for ever");
        }
        return !returned.isEmpty();
    }

    @Test
    void nothing_is_valid_in_the_beginning() {
        ValidMap map = new ValidMap(kernel, new Queue(3), "q");

        assertThat(valid(map, 0, 1)).isFalse();
        assertThat(valid(map, 0, 0)).isTrue();
    }

    @Test
    void a_run_is_valid_when_all_its_slots_are() {
        ValidMap map = new ValidMap(kernel, new Queue(3), "q");
        map.set(0, 2);
        map.set(3, 4);

        assertThat(valid(map, 0, 2)).isTrue();
        assertThat(valid(map, 0, 4)).isFalse();
        map.set(2, 3);
        assertThat(valid(map, 0, 4)).isTrue();
    }

    @Test
    void a_slot_of_the_last_lap_is_not_valid_in_this_one() {
        Queue q = new Queue(3);
        ValidMap map = new ValidMap(kernel, q, "q");
        map.set(0, 8);

        assertThat(valid(map, 8, 9)).isFalse();
        map.set(8, 12);
        assertThat(valid(map, 8, 12)).isTrue();
        assertThat(valid(map, 12, 13)).isFalse();
    }

    @Test
    void runs_may_cross_the_end_of_the_queue_and_of_a_word() {
        for (int log2 : new int[] {0, 2, 6, 8}) {
            Queue q = new Queue(log2);
            ValidMap map = new ValidMap(kernel, q, "q");
            SplittableRandom random = new SplittableRandom(log2);
            int at = 0;
            for (int i = 0; i < 200; i++) {
                int to = q.add(at, 1 + random.nextInt(q.size()));
                map.set(at, to);
                map.await(at, to);      // alone: would fail if it had to wait
                at = to;
            }
        }
    }

    @Test
    void setting_a_run_touches_no_slot_beside_it() {
        Queue q = new Queue(7);
        ValidMap map = new ValidMap(kernel, q, "q");
        map.set(60, 70);

        assertThat(valid(map, 60, 70)).isTrue();
        assertThat(valid(map, 59, 60)).isFalse();
        assertThat(valid(map, 70, 71)).isFalse();
    }
}
