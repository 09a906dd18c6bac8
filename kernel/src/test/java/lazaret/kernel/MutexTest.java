// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import static lazaret.kernel.KernelEntry.BrokenContext.LEFT_HELD;
import static lazaret.kernel.KernelEntry.BrokenContext.RCU_SLEEP;
import static lazaret.kernel.KernelEntry.BrokenContext.RECURSION;
import static lazaret.kernel.KernelEntry.BrokenContext.SLEEP;
import static lazaret.kernel.KernelEntry.BrokenContext.UNLOCK;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import lazaret.machine.Irq;
import org.junit.jupiter.api.Test;

class MutexTest {
    private final Stage stage = new Stage();
    private final Mutex mutex = new Mutex(stage.kernel, "mutex");

    @Test
    void sections_exclude_each_other_also_on_one_cpu() {
        for (boolean together : new boolean[] {true, false}) {
            int runs = Stage.all(s -> {
                Mutex mutex = new Mutex(s.kernel, "mutex");
                Runnable body = () -> {
                    try (var _ = mutex.lock()) {
                        s.note("in");
                        s.kernel.cpuRelax();
                        s.note("out");
                    }
                };
                return () -> {
                    s.cpu0.start("a", body);
                    (together ? s.cpu0 : s.cpu1).start("b", body);
                };
            }, s -> {
                assertThat(s.stuck).isEmpty();
                assertThat(s.notes).containsExactly("in", "out", "in", "out");
                assertThat(s.log).isEmpty();
            });
            assertThat(runs).isGreaterThan(10);
        }
    }

    @Test
    void its_holder_may_be_preempted_and_interrupted() {
        boolean[] seen = new boolean[1];
        Stage.all(s -> {
            Mutex mutex = new Mutex(s.kernel, "mutex");
            return () -> {
                s.cpu0.start("holder", () -> {
                    try (var _ = mutex.lock()) {
                        s.note("in");
                        s.kernel.cpuRelax();
                        s.note("out");
                    }
                });
                s.cpu0.start("other", () -> s.note("other"));
            };
        }, s -> seen[0] |= s.notes.equals(java.util.List.of("in", "other", "out")));

        assertThat(seen[0]).isTrue();
    }

    @Test
    void taking_it_under_a_spinlock_is_reported() {
        Spinlock spin = new Spinlock(stage.kernel, "spin");
        try (var _ = spin.lock(); var _ = mutex.lock()) {
            assertThat(stage.rules()).containsExactly(SLEEP);
        }

        assertThat(stage.broken().getFirst().what())
                .isEqualTo("mutex by boot, with preemption off, holding spin");
    }

    @Test
    void taking_it_with_interrupts_off_is_reported() {
        try (var _ = stage.kernel.irqSave(); var _ = mutex.lock()) {
            assertThat(stage.rules()).containsExactly(SLEEP);
        }
        assertThat(stage.broken().getFirst().what()).contains("interrupts off");
    }

    @Test
    void taking_it_in_an_interrupt_handler_is_reported() {
        Irq irq = stage.irq("dev");
        stage.kernel.requestIrq(irq, stage.cpu0, "dev", () -> {
            try (var _ = mutex.lock()) {
                assertThat(mutex.held()).isTrue();
            }
        });
        stage.run((n, why) -> 0, irq::pulse);

        assertThat(stage.rules()).contains(SLEEP);
        assertThat(stage.broken().getFirst().what()).contains("cpu0 hard interrupt, in a hard interrupt");
    }

    @Test
    void taking_it_in_an_rcu_read_section_is_reported() {
        try (var _ = stage.kernel.rcu().readLock(); var _ = mutex.lock()) {
            assertThat(stage.rules()).containsExactly(RCU_SLEEP);
        }
    }

    @Test
    void who_did_not_take_it_must_not_release_it() {
        Held held = mutex.lock();
        stage.cpu0.start("thief", held::close);

        assertThat(stage.rules()).containsExactly(UNLOCK);
        assertThat(mutex.held()).isFalse();
    }

    @Test
    void taking_it_twice_is_reported() {
        try (var _ = mutex.lock(); var _ = mutex.lock()) {
            assertThat(stage.rules()).containsExactly(RECURSION);
        }
        assertThat(mutex.held()).isFalse();
    }

    @Test
    void a_task_that_ends_with_it_is_reported() {
        stage.cpu0.start("task", mutex::lock);

        assertThat(stage.rules()).containsExactly(LEFT_HELD);
        assertThat(stage.broken().getFirst().what()).isEqualTo("mutex by task");
    }

    @Test
    void it_is_held_by_its_taker_alone() {
        try (var _ = mutex.lock()) {
            mutex.assertHeld();
            stage.cpu0.start("other", () -> assertThat(mutex.held()).isFalse());
        }
        assertThat(stage.log).isEmpty();
    }

    @Test
    void who_only_tries_gets_it_if_it_is_free_and_never_waits() {
        int runs = Stage.all(s -> {
            Mutex mutex = new Mutex(s.kernel, "mutex");
            return () -> {
                s.cpu0.start("waits", () -> {
                    try (var _ = mutex.lock()) {
                        s.note("in");
                        s.kernel.cpuRelax();
                        s.note("out");
                    }
                });
                s.cpu1.start("tries", () -> {
                    try (var held = mutex.tryLock()) {
                        s.note(held == null ? "taken" : "in");
                        if (held != null) {
                            s.kernel.cpuRelax();
                            s.note("out");
                        }
                    }
                });
            };
        }, s -> {
            assertThat(s.stuck).isEmpty();
            assertThat(s.log).isEmpty();
            assertThat(s.notes.stream().filter(n -> !n.equals("taken")).toList())
                    .isIn(List.of("in", "out"), List.of("in", "out", "in", "out"));
        });
        assertThat(runs).isGreaterThan(4);
    }

    @Test
    void trying_again_what_one_has_fails() {
        try (var _ = mutex.tryLock()) {
            assertThat(mutex.held()).isTrue();
            assertThat(mutex.tryLock()).isNull();
        }
        assertThat(mutex.held()).isFalse();
        assertThat(stage.log).isEmpty();
    }
}
