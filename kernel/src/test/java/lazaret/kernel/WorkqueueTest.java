// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import static lazaret.kernel.KernelEntry.BrokenContext.LEFT_HELD;
import static lazaret.kernel.KernelEntry.BrokenContext.ORDER;
import static lazaret.kernel.KernelEntry.BrokenContext.SELF_WAIT;
import static lazaret.kernel.KernelEntry.BrokenContext.SLEEP;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import lazaret.machine.Alone;
import lazaret.machine.Irq;
import org.junit.jupiter.api.Test;

class WorkqueueTest {
    private final Stage stage = new Stage();
    private final Workqueue queue = new Workqueue(stage.kernel, "events", stage.cpu1);

    private Work work(String name, Runnable body) {
        return new Work(stage.kernel, name, body);
    }

    private Work noting(String name) {
        return work(name, () -> stage.note(name));
    }

    private void settle() {
        ((Alone) stage.machine.strands()).settle();
    }

    @Test
    void work_runs_later_in_order_and_once_however_often_it_was_queued() {
        Work a = noting("a");
        Work b = noting("b");

        assertThat(queue.queue(a)).isTrue();
        assertThat(queue.queue(b)).isTrue();
        assertThat(queue.queue(a)).isFalse();
        assertThat(stage.notes).isEmpty();
        assertThat(queue.idle()).isFalse();

        settle();
        assertThat(stage.notes).containsExactly("a", "b");
        assertThat(queue.idle()).isTrue();
        assertThat(queue.queue(a)).isTrue();
        settle();
        assertThat(stage.notes).containsExactly("a", "b", "a");
        assertThat(stage.log).isEmpty();
    }

    @Test
    void work_may_sleep_and_take_a_mutex() {
        Mutex mutex = new Mutex(stage.kernel, "mutex");
        queue.queue(work("w", () -> {
            try (var _ = mutex.lock()) {
                stage.kernel.msleep(10);
                stage.note("slept");
            }
        }));
        settle();

        assertThat(stage.notes).containsExactly("slept");
        assertThat(stage.machine.clock().now()).isEqualTo(10);
        assertThat(stage.log).isEmpty();
    }

    @Test
    void flush_returns_only_after_the_work_has_run() {
        int runs = Stage.all(s -> {
            Workqueue queue = new Workqueue(s.kernel, "events", s.cpu1);
            Work work = new Work(s.kernel, "w", () -> {
                s.note("begin");
                s.kernel.cpuRelax();
                s.note("end");
            });
            return () -> s.cpu0.start("task", () -> {
                queue.queue(work);
                work.flush();
                s.note("flushed");
            });
        }, s -> {
            assertThat(s.stuck).isEmpty();
            assertThat(s.notes).containsExactly("begin", "end", "flushed");
            assertThat(s.log).isEmpty();
        });
        assertThat(runs).isGreaterThan(3);
    }

    private static Work slow(Stage s, String name) {
        return new Work(s.kernel, name, () -> {
            s.kernel.cpuRelax();
            s.note(name);
        });
    }

    @Test
    void flushing_a_queue_waits_for_all_of_it() {
        Stage.all(s -> {
            Workqueue queue = new Workqueue(s.kernel, "events", s.cpu1);
            Work a = slow(s, "a");
            Work b = slow(s, "b");
            return () -> s.cpu0.start("task", () -> {
                queue.queue(a);
                queue.queue(b);
                queue.flush();
                s.note("flushed");
            });
        }, s -> {
            assertThat(s.stuck).isEmpty();
            assertThat(s.notes).containsExactly("a", "b", "flushed");
        });
    }

    @Test
    void flushing_a_queue_does_not_wait_for_what_comes_later() {
        TreeSet<String> orders = new TreeSet<>();
        Stage.random(2_000, s -> {
            Workqueue queue = new Workqueue(s.kernel, "events", s.cpu1);
            Work early = slow(s, "early");
            Shared go = new Shared(s.kernel, "go");
            Work late = new Work(s.kernel, "late", () -> s.kernel.await(() -> go.peek() == 1));
            Work later = new Work(s.kernel, "later", () -> s.note("later"));
            return () -> {
                s.cpu0.start("task", () -> {
                    queue.queue(early);
                    queue.flush();
                    s.note("flushed");
                    go.writeOnce(1);
                });
                s.cpu1.start("other", () -> {
                    queue.queue(late);
                    queue.queue(later);
                    s.note("queued");
                });
            };
        }, s -> orders.add(String.join(" ", s.notes)));

        assertThat(orders).contains("early queued flushed later", "queued early flushed later");
    }

    @Test
    void after_cancel_sync_it_neither_waits_nor_runs_even_if_it_queues_itself() {
        TreeSet<String> orders = new TreeSet<>();
        Stage.all(s -> {
            Workqueue queue = new Workqueue(s.kernel, "events", s.cpu1);
            Work[] again = new Work[1];
            again[0] = new Work(s.kernel, "again", () -> {
                s.note("begin");
                if (s.notes.size() < 3) {
                    queue.queue(again[0]);
                }
                s.note("end");
            });
            return () -> s.cpu0.start("task", () -> {
                queue.queue(again[0]);
                boolean was = again[0].cancelSync();
                s.note(was ? "unqueued" : "cancelled");
                assertThat(again[0].pending()).isFalse();
                assertThat(again[0].running()).isFalse();
            });
        }, s -> {
            assertThat(s.stuck).isEmpty();
            assertThat(s.log).isEmpty();
            orders.add(String.join(" ", s.notes));
        });

        assertThat(orders).allMatch(o -> o.endsWith("cancelled") || o.endsWith("unqueued"))
                .contains("unqueued", "begin end unqueued", "begin end cancelled",
                        "begin end begin end cancelled");
    }

    @Test
    void work_that_cancels_itself_is_reported() {
        Work[] self = new Work[1];
        self[0] = work("self", () -> self[0].cancelSync());
        queue.queue(self[0]);
        settle();

        assertThat(stage.rules()).containsExactly(SELF_WAIT);
        assertThat(stage.broken().getFirst().what()).isEqualTo("work self cancels itself");
    }

    @Test
    void work_that_flushes_its_own_queue_or_what_waits_behind_it_is_reported() {
        Work behind = noting("behind");
        queue.queue(work("first", () -> {
            queue.flush();
            queue.queue(behind);
            behind.flush();
        }));
        settle();

        assertThat(stage.rules()).containsExactly(SELF_WAIT);
        assertThat(stage.broken()).hasSize(2);
        assertThat(stage.notes).containsExactly("behind");
    }

    @Test
    void cancelling_while_holding_a_lock_that_the_work_takes_is_reported_without_a_deadlock() {
        Mutex mutex = new Mutex(stage.kernel, "mutex");
        Work work = work("w", () -> {
            try (var _ = mutex.lock()) {
                stage.note("worked");
            }
        });
        queue.queue(work);
        settle();
        try (var _ = mutex.lock()) {
            work.cancelSync();
        }

        assertThat(stage.rules()).containsExactly(ORDER);
        assertThat(stage.broken().getFirst().what()).contains("mutex → work w → mutex");
    }

    @Test
    void flushing_the_queue_while_holding_a_lock_that_its_work_takes_is_reported() {
        Mutex mutex = new Mutex(stage.kernel, "mutex");
        try (var _ = mutex.lock()) {
            queue.flush();
        }
        queue.queue(work("w", () -> mutex.lock().close()));
        settle();

        assertThat(stage.rules()).containsExactly(ORDER);
        assertThat(stage.broken().getFirst().what())
                .contains("workqueue events → mutex → workqueue events");
    }

    @Test
    void really_cancelling_while_holding_what_the_work_needs_gets_stuck() {
        List<String> all = new java.util.ArrayList<>();
        Stage.all(s -> {
            Workqueue queue = new Workqueue(s.kernel, "events", s.cpu1);
            Mutex mutex = new Mutex(s.kernel, "mutex");
            Work work = new Work(s.kernel, "w", () -> mutex.lock().close());
            return () -> s.cpu0.start("task", () -> {
                queue.queue(work);
                try (var _ = mutex.lock()) {
                    work.cancelSync();
                }
            });
        }, s -> {
            all.addAll(s.stuck);
            assertThat(s.stuck.isEmpty() || s.rules().contains(ORDER)).isTrue();
        });

        assertThat(all).contains("task", "events#1");
    }

    @Test
    void waiting_for_work_in_atomic_context_is_reported() {
        Work work = noting("w");
        try (var _ = stage.kernel.irqSave()) {
            work.flush();
            work.cancelSync();
            queue.flush();
        }
        assertThat(stage.rules()).containsExactly(SLEEP);
        assertThat(stage.broken()).hasSize(3);
    }

    @Test
    void an_interrupt_handler_may_queue_work() {
        Stage.all(s -> {
            Workqueue queue = new Workqueue(s.kernel, "events", s.cpu0);
            Work work = new Work(s.kernel, "w", () -> s.note("worked"));
            Irq irq = s.irq("dev");
            s.kernel.requestIrq(irq, s.cpu0, "dev", () -> {
                queue.queue(work);
                s.note("handled");
            });
            return irq::pulse;
        }, s -> {
            assertThat(s.notes).containsExactly("handled", "worked");
            assertThat(s.log).isEmpty();
        });
    }

    @Test
    void the_worker_shares_its_cpu_with_tasks() {
        boolean[] preempted = new boolean[1];
        Stage.all(s -> {
            Workqueue queue = new Workqueue(s.kernel, "events", s.cpu0);
            Work work = new Work(s.kernel, "w", () -> s.note("worked"));
            return () -> s.cpu0.start("task", () -> {
                queue.queue(work);
                s.note("(");
                s.kernel.cpuRelax();
                s.note(")");
                try (var _ = s.kernel.preemptDisable()) {
                    s.note("[");
                    s.kernel.cpuRelax();
                    s.note("]");
                }
            });
        }, s -> {
            String order = String.join("", s.notes);
            assertThat(order).contains("[]").contains("worked");
            preempted[0] |= order.startsWith("(worked)");
        });
        assertThat(preempted[0]).isTrue();
    }

    @Test
    void work_that_leaves_a_lock_held_is_reported() {
        Spinlock lock = new Spinlock(stage.kernel, "lock");
        queue.queue(work("w", lock::lock));
        settle();

        assertThat(stage.rules()).containsExactly(LEFT_HELD);
    }

    @Test
    void alone_a_worker_does_not_start_on_top_of_a_holder_who_waits_for_hardware() {
        Mutex mutex = new Mutex(stage.kernel, "mutex");
        queue.queue(work("w", () -> {
            try (var _ = mutex.lock()) {
                stage.note("worked");
            }
        }));
        try (var _ = mutex.lock()) {
            stage.kernel.msleep(5);
            assertThat(stage.notes).isEmpty();
        }
        settle();
        assertThat(stage.notes).containsExactly("worked");
    }

    @Test
    void alone_a_worker_starts_for_a_holder_who_waits_for_it() {
        Mutex mutex = new Mutex(stage.kernel, "mutex");
        Work work = noting("w");
        queue.queue(work);
        try (var _ = mutex.lock()) {
            work.flush();
        }
        assertThat(stage.notes).containsExactly("w");
    }

    @Test
    void a_rollback_empties_the_queue() {
        Work work = noting("w");
        stage.machine.undo().mark();
        queue.queue(work);
        stage.machine.undo().rollback();
        settle();

        assertThat(stage.notes).isEmpty();
        assertThat(queue.queue(work)).isTrue();
    }
}
