// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import lazaret.machine.Alone;
import lazaret.machine.Irq;
import org.junit.jupiter.api.Test;

class IrqThreadTest {
    private final Stage stage = new Stage();
    private final Irq irq = stage.irq("slot");

    private void settle() {
        ((Alone) stage.machine.strands()).settle();
    }

    @Test
    void its_slow_half_sleeps_where_the_fast_one_must_not() {
        Mutex mutex = new Mutex(stage.kernel, "mutex");
        var thread = new IrqThread(stage.kernel, "slot", stage.cpu1, () -> {
            try (Held _ = mutex.lock()) {
                stage.kernel.msleep(10);
                stage.note("slow");
            }
        });
        stage.kernel.requestIrq(irq, stage.cpu1, "slot", () -> {
            stage.note("fast");
            thread.wake();
        });

        irq.pulse();
        settle();
        assertThat(stage.notes).containsExactly("fast", "slow");
        assertThat(stage.broken()).isEmpty();
    }

    @Test
    void woken_while_it_runs_it_runs_once_more() {
        IrqThread[] thread = new IrqThread[1];
        thread[0] = new IrqThread(stage.kernel, "slot", stage.cpu1, () -> {
            stage.note("slow");
            if (stage.notes.size() == 1) {
                thread[0].wake();
                thread[0].wake();
            }
        });

        thread[0].wake();
        settle();
        assertThat(stage.notes).containsExactly("slow", "slow");
    }
}
