// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import static lazaret.kernel.KernelEntry.BrokenContext.ALLOCATION;
import static lazaret.kernel.KernelEntry.BrokenContext.IRQS_OFF;
import static lazaret.kernel.KernelEntry.BrokenContext.RCU_SLEEP;
import static lazaret.kernel.KernelEntry.BrokenContext.SLEEP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import lazaret.kernel.KernelEntry.Faulted;
import lazaret.kernel.KernelEntry.Printk;
import lazaret.kernel.KernelEntry.Warned;
import lazaret.machine.Alarm;
import lazaret.machine.Irq;
import org.junit.jupiter.api.Test;

class KernelTest {
    private final Stage stage = new Stage();
    private final Kernel kernel = stage.kernel;

    @Test
    void a_poll_ends_when_the_condition_holds_or_the_time_is_up() {
        Shared ready = new Shared(kernel, "ready");
        KTimer timer = new KTimer(kernel, "device", stage.cpu1, () -> ready.writeOnce(1));
        timer.arm(30);

        assertThat(kernel.poll(() -> ready.peek() == 1, 20)).isFalse();
        assertThat(stage.machine.clock().now()).isEqualTo(20);
        assertThat(kernel.poll(() -> ready.peek() == 1, 20)).isTrue();
        assertThat(stage.machine.clock().now()).isEqualTo(30);
        assertThat(kernel.poll(() -> ready.peek() == 1, 0)).isTrue();
    }

    @Test
    void a_condition_that_holds_when_the_time_is_up_counts() {
        Alarm same = stage.machine.clock().alarm("same");
        same.arm(20);

        assertThat(kernel.poll(same::due, 20)).isTrue();
    }

    @Test
    void time_does_not_pass_for_a_poll_that_need_not_wait_any_more_or_is_over() {
        Shared ready = new Shared(kernel, "ready");
        stage.run((n, why) -> n - 1, () -> {
            stage.cpu0.start("poller", () -> {
                assertThat(kernel.poll(() -> ready.peek() == 1, 20)).isTrue();
                ready.writeOnce(0);
                kernel.cpuRelax();
            });
            ready.writeOnce(1);
        });

        assertThat(stage.stuck).isEmpty();
        assertThat(stage.machine.clock().now()).isZero();
        assertThat(stage.machine.clock().ahead()).isFalse();
    }

    @Test
    void polls_of_several_cpus_have_their_own_time() {
        stage.run((n, why) -> 0, () -> {
            stage.cpu0.start("a", () -> {
                assertThat(kernel.poll(() -> false, 20)).isFalse();
                stage.note("a " + stage.machine.clock().now());
            });
            stage.cpu1.start("b", () -> {
                assertThat(kernel.poll(() -> false, 10)).isFalse();
                stage.note("b " + stage.machine.clock().now());
                assertThat(kernel.poll(() -> false, 30)).isFalse();
                stage.note("b " + stage.machine.clock().now());
            });
        });

        assertThat(stage.stuck).isEmpty();
        assertThat(stage.notes).containsExactly("b 10", "a 20", "b 40");
        assertThat(stage.machine.clock().ahead()).isFalse();
    }

    @Test
    void sleeping_in_atomic_context_is_reported_and_spinning_is_not() {
        try (var _ = kernel.preemptDisable()) {
            kernel.udelay(5);
            kernel.poll(() -> false, 5);
            assertThat(stage.log).isEmpty();
            kernel.msleep(5);
            kernel.waitEvent("event", () -> true);
        }

        assertThat(stage.rules()).containsExactly(SLEEP);
        assertThat(stage.broken()).hasSize(2);
        assertThat(stage.broken().getFirst().text())
                .isEqualTo("BUG: sleeping in atomic context: msleep by boot, with preemption off");
        assertThat(stage.machine.clock().now()).isEqualTo(15);
    }

    @Test
    void a_task_may_sleep() {
        kernel.msleep(100_000);

        assertThat(stage.log).isEmpty();
        assertThat(stage.machine.clock().now()).isEqualTo(100_000);
    }

    @Test
    void a_stretch_with_interrupts_off_beyond_the_limit_is_reported() {
        Spinlock lock = new Spinlock(kernel, "lock");
        kernel.limitIrqsOff(100);
        try (var _ = lock.irqsave()) {
            try (var _ = kernel.irqSave()) {
                kernel.udelay(60);
            }
            kernel.udelay(40);
        }
        assertThat(stage.log).isEmpty();

        try (var _ = lock.irqsave()) {
            try (var _ = kernel.irqSave()) {
                kernel.udelay(60);
            }
            kernel.udelay(41);
        }
        assertThat(stage.rules()).containsExactly(IRQS_OFF);
        assertThat(stage.broken().getFirst().what()).isEqualTo("101 us by boot");
    }

    @Test
    void interrupts_off_hold_back_only_their_own_cpu() {
        TreeSet<String> orders = new TreeSet<>();
        Stage.all(s -> {
            Irq near = s.irq("near");
            Irq far = s.irq("far");
            s.kernel.requestIrq(near, s.cpu0, "near", () -> s.note("n"));
            s.kernel.requestIrq(far, s.cpu1, "far", () -> s.note("f"));
            return () -> s.cpu0.start("task", () -> {
                try (var _ = s.kernel.irqSave()) {
                    s.note("(");
                    near.pulse();
                    far.pulse();
                    s.kernel.cpuRelax();
                    s.note(")");
                }
            });
        }, s -> orders.add(String.join("", s.notes)));

        assertThat(orders).containsExactlyInAnyOrder("()nf", "()fn", "(f)n");
    }

    @Test
    void a_sleeping_allocation_is_reported_where_sleeping_is_forbidden() {
        try (var _ = new Spinlock(kernel, "lock").lock()) {
            assertThat(kernel.alloc(Gfp.ATOMIC, "domain")).isTrue();
            assertThat(stage.log).isEmpty();
            assertThat(kernel.alloc(Gfp.KERNEL, "domain")).isTrue();
        }
        try (var _ = kernel.rcu().readLock()) {
            kernel.alloc(Gfp.KERNEL, "invs");
        }

        assertThat(stage.rules()).containsExactly(ALLOCATION);
        assertThat(stage.broken()).hasSize(2);
        assertThat(stage.broken().getFirst().what())
                .isEqualTo("domain by boot, with preemption off, holding lock");
    }

    @Test
    void a_sleeping_allocation_in_an_interrupt_is_reported() {
        Irq irq = stage.irq("dev");
        kernel.requestIrq(irq, stage.cpu0, "dev", () -> kernel.alloc(Gfp.KERNEL, "event"));
        irq.pulse();
        kernel.udelay(1);

        assertThat(stage.rules()).containsExactly(ALLOCATION);
    }

    @Test
    void sleeping_in_an_rcu_section_is_a_rule_of_its_own_unless_more_is_wrong() {
        try (var _ = kernel.rcu().readLock()) {
            kernel.mightSleep("a");
            try (var _ = kernel.irqSave()) {
                kernel.mightSleep("b");
            }
        }
        assertThat(stage.rules()).containsExactly(RCU_SLEEP, SLEEP);
    }

    @Test
    void exactly_the_nth_allocation_fails() {
        List<List<Boolean>> all = new ArrayList<>();
        stage.machine.undo().mark();
        for (int nth = 1; nth <= 4; nth++) {
            stage.machine.undo().rollback();
            kernel.faults().failNth(nth);
            all.add(List.of(kernel.alloc(Gfp.KERNEL, "a"), kernel.alloc(Gfp.ATOMIC, "b"),
                    kernel.pages().alloc(Gfp.KERNEL, "c") != Pages.NONE));
            assertThat(kernel.faults().count()).isEqualTo(3);
        }

        assertThat(all).containsExactly(List.of(false, true, true), List.of(true, false, true),
                List.of(true, true, false), List.of(true, true, true));
        assertThat(stage.entries(Faulted.class)).extracting(Faulted::text)
                .containsExactly("call 1 fails: no memory for a", "call 2 fails: no memory for b",
                        "call 3 fails: no memory for c");
        assertThatThrownBy(() -> kernel.faults().failNth(0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void callbacks_are_counted_with_allocations_and_nobody_counts_while_nothing_fails() {
        assertThat(kernel.faults().callbackFails("attach")).isFalse();
        assertThat(kernel.faults().count()).isZero();

        kernel.faults().failNth(2);
        assertThat(kernel.alloc(Gfp.KERNEL, "a")).isTrue();
        assertThat(kernel.faults().happened()).isFalse();
        assertThat(kernel.faults().callbackFails("attach")).isTrue();
        assertThat(kernel.faults().happened()).isTrue();
        assertThat(kernel.faults().callbackFails("attach")).isFalse();
    }

    @Test
    void allocations_fail_by_choice_when_told_to() {
        TreeSet<String> seen = new TreeSet<>();
        Stage.all(s -> () -> {
            s.kernel.faults().failByChoice();
            s.cpu0.start("task", () -> {
                s.note(s.kernel.alloc(Gfp.KERNEL, "a") ? "y" : "n");
                s.note(s.kernel.alloc(Gfp.KERNEL, "b") ? "y" : "n");
            });
        }, s -> seen.add(String.join("", s.notes)));

        assertThat(seen).containsExactly("nn", "ny", "yn", "yy");
    }

    @Test
    void warnings_and_messages_are_entries() {
        assertThat(kernel.warnOn(false, "fine")).isFalse();
        assertThat(stage.log).isEmpty();
        assertThat(kernel.warnOn(true, "not fine")).isTrue();
        kernel.printk(Level.ERR, "smmu: gone");

        assertThat(stage.log).containsExactly(new Warned("not fine"), new Printk(Level.ERR, "smmu: gone"));
        assertThat(stage.log.getFirst().text()).isEqualTo("WARNING: not fine");
    }

    @Test
    void software_of_nobodys_cpu_runs_in_the_boot_context() {
        Spinlock lock = new Spinlock(kernel, "lock");
        stage.run((n, why) -> 0, () -> stage.machine.strands().start("operator", "lab", () -> true, () -> {
            try (var _ = lock.irqsave()) {
                stage.note(kernel.context().name + lock.held());
            }
        }));

        assertThat(stage.notes).containsExactly("boottrue");
        assertThat(stage.log).isEmpty();
    }
}
