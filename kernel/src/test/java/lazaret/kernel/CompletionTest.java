// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import static lazaret.kernel.KernelEntry.BrokenContext.SLEEP;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CompletionTest {
    private final Stage stage = new Stage();
    private final Completion done = new Completion(stage.kernel, "done");

    @Test
    void who_waits_goes_on_only_after_complete() {
        int runs = Stage.all(s -> {
            Completion done = new Completion(s.kernel, "done");
            return () -> {
                s.cpu0.start("waiter", () -> {
                    done.await();
                    s.note("awake");
                });
                s.cpu1.start("waker", () -> {
                    s.note("completing");
                    done.complete();
                });
            };
        }, s -> {
            assertThat(s.stuck).isEmpty();
            assertThat(s.notes).containsExactly("completing", "awake");
        });
        assertThat(runs).isGreaterThan(1);
    }

    @Test
    void one_complete_lets_one_go_on_and_complete_all_lets_everybody() {
        done.complete();
        assertThat(done.await(1)).isTrue();
        assertThat(done.await(1)).isFalse();

        done.completeAll();
        done.complete();
        done.await();
        done.await();
        assertThat(done.done()).isTrue();
        done.reinit();
        assertThat(done.await(1)).isFalse();
        assertThat(stage.log).isEmpty();
    }

    @Test
    void waiting_gives_up_after_its_time() {
        assertThat(done.await(70)).isFalse();
        assertThat(stage.machine.clock().now()).isEqualTo(70);
    }

    @Test
    void waiting_with_interrupts_off_is_reported_and_completing_is_not() {
        try (var _ = stage.kernel.irqSave()) {
            done.complete();
            assertThat(stage.log).isEmpty();
            done.await();
        }
        assertThat(stage.rules()).containsExactly(SLEEP);
        assertThat(stage.broken().getFirst().what()).contains("wait for done");
    }

    @Test
    void alone_a_holder_may_wait_for_work_to_complete_it() {
        Workqueue queue = new Workqueue(stage.kernel, "events", stage.cpu1);
        queue.queue(new Work(stage.kernel, "w", done::complete));
        try (var _ = new Mutex(stage.kernel, "mutex").lock()) {
            done.await();
        }
        assertThat(queue.idle()).isTrue();
    }
}
