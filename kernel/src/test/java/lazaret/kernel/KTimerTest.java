// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import static lazaret.kernel.KernelEntry.BrokenContext.ORDER;
import static lazaret.kernel.KernelEntry.BrokenContext.SELF_WAIT;
import static lazaret.kernel.KernelEntry.BrokenContext.SLEEP;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import lazaret.machine.Irq;
import org.junit.jupiter.api.Test;

class KTimerTest {
    private final Stage stage = new Stage();

    @Test
    void it_expires_once_after_its_time_in_a_soft_interrupt() {
        KTimer timer = new KTimer(stage.kernel, "timer", stage.cpu0, () -> {
            stage.note("at " + stage.machine.clock().now());
            stage.kernel.mightSleep("nap");
        });
        assertThat(timer.arm(50)).isFalse();
        assertThat(timer.arm(30)).isTrue();
        stage.kernel.msleep(100);

        assertThat(stage.notes).containsExactly("at 30");
        assertThat(timer.armed()).isFalse();
        assertThat(stage.rules()).containsExactly(SLEEP);
        assertThat(stage.broken().getFirst().what()).contains("in a soft interrupt");
    }

    @Test
    void a_cancelled_timer_does_not_expire() {
        KTimer timer = new KTimer(stage.kernel, "timer", stage.cpu0, () -> stage.note("expired"));
        timer.arm(30);

        assertThat(timer.cancel()).isTrue();
        assertThat(timer.cancel()).isFalse();
        stage.kernel.msleep(100);
        assertThat(stage.notes).isEmpty();
    }

    @Test
    void it_waits_for_interrupts_of_its_cpu_and_hard_ones_come_on_top_of_it() {
        TreeSet<String> orders = new TreeSet<>();
        Stage.all(s -> {
            KTimer timer = new KTimer(s.kernel, "timer", s.cpu0, () -> {
                s.note("t");
                s.kernel.cpuRelax();
                s.note("T");
            });
            Irq irq = s.irq("dev");
            s.kernel.requestIrq(irq, s.cpu0, "dev", () -> {
                s.note("i");
                s.kernel.cpuRelax();
                s.note("I");
            });
            return () -> s.cpu0.start("task", () -> {
                timer.arm(0);
                irq.pulse();
                try (var _ = s.kernel.irqSave()) {
                    s.note("(");
                    s.kernel.cpuRelax();
                    s.note(")");
                }
            });
        }, s -> {
            assertThat(s.stuck).isEmpty();
            assertThat(s.log).isEmpty();
            orders.add(String.join("", s.notes));
        });

        assertThat(orders).allMatch(o -> o.contains("()") && o.contains("iI"))
                .contains("()iItT", "()tiIT", "()tTiI", "tTiI()").noneMatch(o -> o.contains("itTI"));
    }

    @Test
    void timers_of_one_cpu_do_not_nest() {
        Stage.all(s -> {
            List<KTimer> timers = new ArrayList<>();
            for (String name : List.of("a", "b")) {
                timers.add(new KTimer(s.kernel, name, s.cpu0, () -> {
                    s.note(name);
                    s.kernel.cpuRelax();
                    s.note(name);
                }));
            }
            return () -> timers.forEach(timer -> timer.arm(0));
        }, s -> assertThat(String.join("", s.notes)).isIn("aabb", "bbaa"));
    }

    @Test
    void a_timer_can_keep_hard_interrupts_out() {
        Stage.all(s -> {
            Irq irq = s.irq("dev");
            s.kernel.requestIrq(irq, s.cpu0, "dev", () -> s.note("irq"));
            KTimer timer = new KTimer(s.kernel, "timer", s.cpu0, () -> {
                try (var _ = s.kernel.irqSave()) {
                    irq.pulse();
                    s.kernel.cpuRelax();
                    s.note("timer");
                }
            });
            return () -> timer.arm(0);
        }, s -> assertThat(s.notes).containsExactly("timer", "irq"));
    }

    @Test
    void after_cancel_sync_it_is_neither_armed_nor_running_even_if_it_arms_itself() {
        boolean[] waited = new boolean[1];
        Stage.all(s -> {
            KTimer[] timer = new KTimer[1];
            timer[0] = new KTimer(s.kernel, "timer", s.cpu1, () -> {
                s.note("begin");
                if (s.notes.size() < 3) {
                    timer[0].arm(0);
                }
                s.note("end");
            });
            return () -> {
                timer[0].arm(0);
                s.cpu0.start("task", () -> {
                    s.note("cancelling");
                    timer[0].cancelSync();
                    s.note("cancelled");
                });
            };
        }, s -> {
            assertThat(s.stuck).isEmpty();
            assertThat(s.log).isEmpty();
            assertThat(s.notes).last().isEqualTo("cancelled");
            waited[0] |= String.join(" ", s.notes).contains("begin cancelling end");
        });
        assertThat(waited[0]).isTrue();
    }

    @Test
    void a_timer_that_cancels_itself_and_waits_is_reported() {
        KTimer[] timer = new KTimer[1];
        timer[0] = new KTimer(stage.kernel, "timer", stage.cpu0, () -> timer[0].cancelSync());
        timer[0].arm(1);
        stage.kernel.msleep(5);

        assertThat(stage.rules()).containsExactly(SELF_WAIT);
    }

    @Test
    void cancelling_under_a_lock_that_the_timer_takes_is_reported_without_a_deadlock() {
        Spinlock lock = new Spinlock(stage.kernel, "lock");
        KTimer timer = new KTimer(stage.kernel, "timer", stage.cpu0, () -> lock.irqsave().close());
        timer.arm(1);
        stage.kernel.msleep(5);
        try (var _ = lock.irqsave()) {
            timer.cancelSync();
        }

        assertThat(stage.rules()).containsExactly(ORDER);
        assertThat(stage.broken().getFirst().what()).contains("lock → timer timer → lock");
    }
}
