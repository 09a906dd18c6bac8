// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import static lazaret.kernel.KernelEntry.BrokenContext.LEFT_HELD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.TreeSet;
import lazaret.machine.Alone;
import lazaret.machine.Irq;
import lazaret.machine.Machine;
import lazaret.machine.Strand;
import org.junit.jupiter.api.Test;

class CpuTest {
    private static Runnable handler(Stage s, String open, String close) {
        return () -> {
            s.note(open);
            s.kernel.cpuRelax();
            s.note(close);
        };
    }

    @Test
    void tasks_of_one_cpu_preempt_each_other_and_tasks_of_two_run_at_once() {
        for (boolean together : new boolean[] {true, false}) {
            TreeSet<String> orders = new TreeSet<>();
            Stage.all(s -> () -> {
                s.cpu0.start("a", handler(s, "a", "A"));
                (together ? s.cpu0 : s.cpu1).start("b", handler(s, "b", "B"));
            }, s -> orders.add(String.join("", s.notes)));
            assertThat(orders).containsExactlyInAnyOrder("aAbB", "abAB", "abBA", "baAB", "baBA", "bBaA");
        }
    }

    @Test
    void the_interrupted_task_stands_still_and_the_other_cpu_does_not() {
        TreeSet<String> orders = new TreeSet<>();
        Stage.all(s -> {
            Irq irq = s.irq("dev");
            s.kernel.requestIrq(irq, s.cpu0, "dev", handler(s, "i", "I"));
            return () -> {
                irq.pulse();
                s.cpu0.start("a", handler(s, "a", "A"));
                s.cpu1.start("b", handler(s, "b", "B"));
            };
        }, s -> {
            assertThat(s.stuck).isEmpty();
            orders.add(String.join("", s.notes));
        });

        assertThat(orders).noneMatch(o -> o.replaceAll("[bB]", "").matches(".*i[aA]+I.*"))
                .anyMatch(o -> o.contains("ibBI")).anyMatch(o -> o.contains("aiIA"));
    }

    @Test
    void hard_interrupts_of_one_cpu_do_not_nest_and_those_of_two_do_not_wait() {
        for (boolean together : new boolean[] {true, false}) {
            TreeSet<String> orders = new TreeSet<>();
            Stage.all(s -> {
                Irq one = s.irq("one");
                Irq two = s.irq("two");
                s.kernel.requestIrq(one, s.cpu0, "one", handler(s, "i", "I"));
                s.kernel.requestIrq(two, together ? s.cpu0 : s.cpu1, "two", handler(s, "j", "J"));
                return () -> {
                    one.pulse();
                    two.pulse();
                };
            }, s -> orders.add(String.join("", s.notes)));
            if (together) {
                assertThat(orders).containsExactlyInAnyOrder("iIjJ", "jJiI");
            } else {
                assertThat(orders).contains("ijIJ", "jiJI");
            }
        }
    }

    @Test
    void who_quiesces_goes_on_when_interrupts_are_handled_and_callbacks_have_run() {
        TreeSet<String> orders = new TreeSet<>();
        Stage.all(s -> {
            Irq irq = s.irq("dev");
            s.kernel.requestIrq(irq, s.cpu0, "dev", () -> {
                s.note("i");
                s.kernel.rcu().call(() -> s.note("c"));
                s.kernel.cpuRelax();
                s.note("I");
            });
            return () -> {
                irq.pulse();
                s.cpu0.start("masks", () -> {
                    try (var _ = s.kernel.irqSave()) {
                        s.kernel.cpuRelax();
                    }
                });
                s.cpu1.start("waits", () -> {
                    s.kernel.quiesce();
                    s.note("q");
                });
            };
        }, s -> {
            assertThat(s.stuck).isEmpty();
            orders.add(String.join("", s.notes));
        });

        assertThat(orders).containsExactlyInAnyOrder("iIcq", "icIq");
    }

    @Test
    void a_pulse_during_the_handler_brings_another_one() {
        Stage.all(s -> {
            Irq irq = s.irq("dev");
            s.kernel.requestIrq(irq, s.cpu0, "dev", () -> {
                if (s.notes.isEmpty()) {
                    irq.pulse();
                }
                s.note("handled");
            });
            return irq::pulse;
        }, s -> assertThat(s.notes).containsExactly("handled", "handled"));
    }

    @Test
    void each_handler_is_a_strand_of_its_own_in_the_lane_of_its_cpu() {
        Stage stage = new Stage();
        Irq irq = stage.irq("dev");
        stage.kernel.requestIrq(irq, stage.cpu0, "dev", () -> {
            Strand self = stage.machine.strands().current();
            stage.note(self.name() + " on " + self.lane());
        });
        for (int i = 0; i < 2; i++) {
            irq.pulse();
            stage.kernel.udelay(1);
        }
        assertThat(stage.notes).containsExactly("dev#1 on cpu0", "dev#2 on cpu0");
    }

    @Test
    void a_freed_interrupt_stays_pending_until_it_is_requested_again() {
        Stage stage = new Stage();
        Alone alone = (Alone) stage.machine.strands();
        Irq irq = stage.irq("dev");
        IrqLine line = stage.kernel.requestIrq(irq, stage.cpu0, "dev", () -> stage.note("first"));
        assertThatThrownBy(() -> stage.kernel.requestIrq(irq, stage.cpu0, "dev", () -> { }))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("dev");
        line.free();
        irq.pulse();
        alone.settle();
        assertThat(stage.notes).isEmpty();

        IrqLine again = stage.kernel.requestIrq(irq, stage.cpu0, "dev", () -> stage.note("second"));
        assertThat(again).isSameAs(line);
        alone.settle();
        assertThat(stage.notes).containsExactly("second");
    }

    @Test
    void an_interrupt_comes_before_any_time_out_unless_it_is_masked() {
        Stage stage = new Stage();
        Irq irq = stage.irq("dev");
        stage.kernel.requestIrq(irq, stage.cpu0, "dev",
                () -> stage.note("irq at " + stage.machine.clock().now()));
        irq.pulse();
        stage.kernel.udelay(10);
        try (var _ = stage.kernel.irqSave()) {
            irq.pulse();
            stage.kernel.udelay(10);
        }
        stage.kernel.udelay(10);

        assertThat(stage.notes).containsExactly("irq at 0", "irq at 20");
    }

    @Test
    void alone_an_interrupt_does_not_come_on_top_of_a_task_with_interrupts_off_wherever_it_is() {
        Stage stage = new Stage();
        Spinlock lock = new Spinlock(stage.kernel, "lock");
        Irq irq = stage.irq("dev");
        stage.kernel.requestIrq(irq, stage.cpu0, "dev", () -> {
            try (var _ = lock.irqsave()) {
                stage.note("irq");
            }
        });
        stage.cpu1.start("task", () -> {
            try (var _ = lock.irqsave()) {
                irq.pulse();
                stage.kernel.udelay(10);
                stage.note("out");
            }
            stage.kernel.udelay(10);
        });

        assertThat(stage.notes).containsExactly("out", "irq");
        assertThat(stage.log).isEmpty();
    }

    @Test
    void each_strand_finds_its_own_context_whoever_ran_before() {
        Stage.random(200, s -> {
            Mutex own = new Mutex(s.kernel, "own");
            Irq irq = s.irq("dev");
            s.kernel.requestIrq(irq, s.cpu0, "dev", () -> {
                assertThat(s.kernel.inHardirq()).isTrue();
                s.kernel.cpuRelax();
                assertThat(s.kernel.inHardirq()).isTrue();
                assertThat(s.kernel.irqsOff()).isTrue();
            });
            return () -> {
                irq.pulse();
                for (Cpu cpu : new Cpu[] {s.cpu0, s.cpu0, s.cpu1}) {
                    cpu.start("task " + s.next(), () -> {
                        for (int i = 0; i < 3; i++) {
                            try (var _ = own.lock()) {
                                s.kernel.cpuRelax();
                                own.assertHeld();
                                assertThat(s.kernel.inHardirq()).isFalse();
                            }
                        }
                    });
                }
            };
        }, s -> {
            assertThat(s.stuck).isEmpty();
            assertThat(s.log).isEmpty();
        });
    }

    @Test
    void a_task_that_ends_with_interrupts_off_is_reported_and_others_are_not_harmed() {
        Stage stage = new Stage();
        stage.cpu0.start("task", () -> stage.kernel.irqSave());

        assertThat(stage.rules()).containsExactly(LEFT_HELD);
        assertThat(stage.broken().getFirst().what()).isEqualTo("with interrupts off by task");
        assertThat(stage.cpu0.takesIrqs()).isTrue();
        stage.run((n, why) -> 0, () -> stage.cpu0.start("next", () -> stage.note("ran")));
        assertThat(stage.notes).containsExactly("ran");
    }

    @Test
    void runs_after_a_rollback_are_equal_to_the_first() {
        Machine machine = new Machine();
        Kernel kernel = new Kernel(machine);
        Cpu cpu = kernel.cpu("cpu0");
        Irq irq = new Irq(machine.undo(), "dev");
        kernel.requestIrq(irq, cpu, "dev", kernel::cpuRelax);
        Spinlock lock = new Spinlock(kernel, "lock");
        machine.undo().mark();
        TreeSet<String> seen = new TreeSet<>();
        for (int i = 0; i < 5; i++) {
            machine.undo().rollback();
            Interleaved.run(machine, (n, why) -> n - 1, () -> {
                irq.pulse();
                cpu.start("task", () -> {
                    try (var _ = lock.irqsave()) {
                        seen.add(kernel.newId() + " at " + machine.clock().now() + " "
                                + kernel.poll(() -> false, 10));
                    }
                });
            });
            assertThat(lock.held()).isFalse();
        }

        assertThat(seen).hasSize(1);
    }
}
