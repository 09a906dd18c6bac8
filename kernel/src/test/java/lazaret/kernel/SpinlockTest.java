// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import static lazaret.kernel.KernelEntry.BrokenContext.LEFT_HELD;
import static lazaret.kernel.KernelEntry.BrokenContext.NOT_HELD;
import static lazaret.kernel.KernelEntry.BrokenContext.RECURSION;
import static lazaret.kernel.KernelEntry.BrokenContext.UNLOCK;
import static org.assertj.core.api.Assertions.assertThat;

import lazaret.machine.Irq;
import org.junit.jupiter.api.Test;

class SpinlockTest {
    private final Stage stage = new Stage();
    private final Spinlock lock = new Spinlock(stage.kernel, "lock");

    @Test
    void sections_of_two_cpus_exclude_each_other_under_every_schedule() {
        int runs = Stage.all(s -> {
            Spinlock lock = new Spinlock(s.kernel, "lock");
            Shared counter = new Shared(s.kernel, "counter");
            Runnable body = () -> {
                try (var _ = lock.lock()) {
                    counter.writeOnce(counter.readOnce() + 1);
                }
            };
            return () -> {
                s.cpu0.start("a", body);
                s.cpu1.start("b", () -> {
                    body.run();
                    s.note("b saw " + counter.peek());
                });
            };
        }, s -> {
            assertThat(s.stuck).isEmpty();
            assertThat(s.notes).containsAnyOf("b saw 1", "b saw 2");
            assertThat(s.log).isEmpty();
        });

        assertThat(runs).isGreaterThan(20);
    }

    @Test
    void without_the_lock_the_same_program_loses_an_update() {
        boolean[] lost = new boolean[1];
        Stage.all(s -> {
            Shared counter = new Shared(s.kernel, "counter");
            Runnable body = () -> {
                counter.writeOnce(counter.readOnce() + 1);
                s.note(counter.toString());
            };
            return () -> {
                s.cpu0.start("a", body);
                s.cpu1.start("b", body);
            };
        }, s -> lost[0] |= !s.notes.contains("counter=2"));

        assertThat(lost[0]).isTrue();
    }

    @Test
    void a_plain_lock_lets_the_interrupt_in_and_irqsave_keeps_it_pending() {
        boolean[] inside = new boolean[2];
        for (int i = 0; i < 2; i++) {
            boolean irqsave = i == 1;
            int variant = i;
            Stage.all(s -> interrupted(s, irqsave), s -> {
                assertThat(s.stuck).isEmpty();
                assertThat(s.notes).contains("irq");
                inside[variant] |= s.notes.indexOf("irq") > s.notes.indexOf("in")
                        && s.notes.indexOf("irq") < s.notes.indexOf("out");
            });
        }

        assertThat(inside).containsExactly(true, false);
    }

    private static Runnable interrupted(Stage s, boolean irqsave) {
        Spinlock lock = new Spinlock(s.kernel, "lock");
        Irq irq = s.irq("dev");
        s.kernel.requestIrq(irq, s.cpu0, "dev", () -> s.note("irq"));
        return () -> s.cpu0.start("task", () -> {
            irq.pulse();
            try (var _ = irqsave ? lock.irqsave() : lock.lock()) {
                s.note("in");
                s.kernel.cpuRelax();
                s.note("out");
            }
        });
    }

    @Test
    void nested_irqsave_turns_interrupts_on_only_at_the_outermost_end() {
        Spinlock inner = new Spinlock(stage.kernel, "inner");

        assertThat(stage.kernel.irqsOff()).isFalse();
        try (var _ = lock.irqsave()) {
            try (var _ = inner.irqsave()) {
                assertThat(stage.kernel.irqsOff()).isTrue();
            }
            assertThat(stage.kernel.irqsOff()).isTrue();
            try (var _ = inner.lock()) {
                assertThat(stage.kernel.irqsOff()).isTrue();
            }
            assertThat(stage.kernel.irqsOff()).isTrue();
        }
        assertThat(stage.kernel.irqsOff()).isFalse();
        assertThat(stage.log).isEmpty();
    }

    @Test
    void a_waiter_with_interrupts_off_leaves_them_pending_while_it_spins() {
        Stage.all(s -> {
            Spinlock lock = new Spinlock(s.kernel, "lock");
            Irq irq = s.irq("dev");
            s.kernel.requestIrq(irq, s.cpu0, "dev", () -> s.note("irq"));
            return () -> {
                s.cpu1.start("holder", () -> {
                    try (var _ = lock.irqsave()) {
                        s.note("held");
                    }
                });
                s.cpu0.start("waiter", () -> {
                    try (var _ = lock.irqsave()) {
                        s.note("in");
                        irq.pulse();
                        s.kernel.cpuRelax();
                        s.note("out");
                    }
                });
            };
        }, s -> {
            assertThat(s.stuck).isEmpty();
            assertThat(s.notes.indexOf("irq")).isGreaterThan(s.notes.indexOf("out"));
        });
    }

    @Test
    void a_holder_is_not_preempted_on_its_own_cpu() {
        Stage.all(s -> {
            Spinlock lock = new Spinlock(s.kernel, "lock");
            return () -> {
                s.cpu0.start("holder", () -> {
                    try (var _ = lock.lock()) {
                        s.note("in");
                        s.kernel.preemptDisable().close();
                        s.kernel.cpuRelax();
                        s.note("out");
                    }
                });
                s.cpu0.start("other", () -> s.note("other"));
            };
        }, s -> assertThat(s.notes.indexOf("out") - s.notes.indexOf("in")).isEqualTo(1));
    }

    @Test
    void taking_it_twice_is_reported_and_harms_nobody() {
        try (var _ = lock.lock()) {
            try (var _ = lock.lock()) {
                assertThat(stage.rules()).containsExactly(RECURSION);
            }
            assertThat(lock.held()).isTrue();
        }

        assertThat(lock.held()).isFalse();
    }

    @Test
    void unlocking_what_nobody_holds_is_reported() {
        Held held = lock.lock();
        held.close();
        assertThat(stage.log).isEmpty();

        held.close();
        assertThat(stage.rules()).containsExactly(UNLOCK);
    }

    @Test
    void unlocking_what_another_holds_is_reported_and_unlocks_it() {
        Held held = lock.irqsave();
        stage.cpu0.start("thief", held::close);

        assertThat(stage.rules()).containsExactly(UNLOCK);
        assertThat(stage.broken().getFirst().what()).contains("lock").contains("thief");
        assertThat(lock.held()).isFalse();
        assertThat(stage.kernel.irqsOff()).isFalse();
    }

    @Test
    void assert_held_reports_who_does_not_hold_it() {
        try (var _ = lock.lock()) {
            lock.assertHeld();
            assertThat(stage.log).isEmpty();
            stage.cpu0.start("other", lock::assertHeld);
        }

        assertThat(stage.rules()).containsExactly(NOT_HELD);
        assertThat(stage.broken()).hasSize(1);
    }

    @Test
    void a_task_that_ends_with_a_lock_is_reported() {
        stage.cpu0.start("task", lock::lock);

        assertThat(stage.rules()).containsExactly(LEFT_HELD);
        assertThat(stage.broken().getFirst().text()).contains("lock by task");
    }

    @Test
    void closing_in_the_wrong_order_releases_both() {
        Spinlock other = new Spinlock(stage.kernel, "other");
        Held first = lock.irqsave();
        Held second = other.lock();
        first.close();

        assertThat(lock.held()).isFalse();
        assertThat(other.held()).isTrue();
        second.close();
        assertThat(other.held()).isFalse();
        assertThat(stage.kernel.irqsOff()).isFalse();
        assertThat(stage.log).isEmpty();
    }

    @Test
    void a_rollback_leaves_it_free() {
        stage.machine.undo().mark();
        lock.irqsave();
        stage.machine.undo().rollback();

        assertThat(lock.held()).isFalse();
        assertThat(stage.kernel.irqsOff()).isFalse();
        try (var _ = lock.lock()) {
            assertThat(lock.held()).isTrue();
        }
        assertThat(stage.log).isEmpty();
    }
}
