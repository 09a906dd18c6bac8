// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import lazaret.kernel.Cpu;
import lazaret.kernel.Kernel;
import lazaret.machine.Machine;
import org.junit.jupiter.api.Test;

class CmdqLockTest {
    private final Machine machine = new Machine();
    private final Kernel kernel = new Kernel(machine);
    private final CmdqLock lock = new CmdqLock(kernel, "lock");

    @Test
    void many_share_it_and_nobody_else_gets_it_meanwhile() {
        lock.lockShared();
        lock.lockShared();

        assertThat(lock.tryLockExclusive()).isFalse();
        assertThat(lock.peekFree()).isFalse();
        assertThat(lock.tryUnlockShared()).isTrue();
        assertThat(lock.tryLockExclusive()).isFalse();
    }

    @Test
    void the_last_one_still_holds_it_when_it_is_told_that_it_is_the_last() {
        lock.lockShared();

        assertThat(lock.tryUnlockShared()).isFalse();
        assertThat(lock.tryLockExclusive()).isFalse();
        lock.unlockShared();
        assertThat(lock.tryLockExclusive()).isTrue();
    }

    @Test
    void only_one_has_it_exclusively() {
        assertThat(lock.tryLockExclusive()).isTrue();
        assertThat(lock.tryLockExclusive()).isFalse();
        lock.unlockExclusive();
        assertThat(lock.peekFree()).isTrue();
    }

    @Test
    void who_came_while_it_was_held_exclusively_is_not_forgotten() {
        Cpu cpu0 = kernel.cpu("cpu0");
        Cpu cpu1 = kernel.cpu("cpu1");
        SplittableRandom random = new SplittableRandom(1);
        for (int run = 0; run < 300; run++) {
            List<String> order = new ArrayList<>();
            Interleaved.run(machine, (n, why) -> random.nextInt(n), () -> {
                cpu0.start("alone", () -> {
                    if (lock.tryLockExclusive()) {
                        order.add("alone");
                        kernel.cpuRelax();
                        order.add("alone");
                        lock.unlockExclusive();
                    }
                });
                cpu1.start("sharer", () -> {
                    lock.lockShared();
                    order.add("sharer");
                    kernel.cpuRelax();
                    order.add("sharer");
                    lock.unlockShared();
                });
            });
            assertThat(order).isIn(List.of("alone", "alone", "sharer", "sharer"),
                    List.of("sharer", "sharer", "alone", "alone"), List.of("sharer", "sharer"));
            assertThat(lock.peekFree()).isTrue();
        }
    }
}
