// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import static lazaret.kernel.KernelEntry.BrokenContext.IRQ_SAFETY;
import static lazaret.kernel.KernelEntry.BrokenContext.ORDER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Function;
import lazaret.machine.Alone;
import lazaret.machine.Irq;
import org.junit.jupiter.api.Test;

class LockOrderTest {
    private final Stage stage = new Stage();
    private final Kernel kernel = stage.kernel;
    private final Spinlock a = new Spinlock(kernel, "a");
    private final Spinlock b = new Spinlock(kernel, "b");
    private final Spinlock c = new Spinlock(kernel, "c");

    private static void nest(Spinlock outer, Spinlock inner) {
        try (var _ = outer.irqsave(); var _ = inner.irqsave()) {
            assertThat(inner.held()).isTrue();
        }
    }

    private void inInterrupt(Runnable body) {
        Irq irq = stage.irq("dev");
        IrqLine line = kernel.requestIrq(irq, stage.cpu1, "dev" + stage.next(), body);
        irq.pulse();
        ((Alone) stage.machine.strands()).settle();
        line.free();
    }

    @Test
    void opposite_orders_are_reported_though_nobody_deadlocked() {
        nest(a, b);
        assertThat(stage.log).isEmpty();
        nest(b, a);

        assertThat(stage.rules()).containsExactly(ORDER);
        assertThat(stage.broken().getFirst().what()).isEqualTo("b → a → b (by boot)");
        assertThat(kernel.lockOrder().edges()).containsExactly("a → b", "b → a");
    }

    @Test
    void a_cycle_of_three_is_reported_with_its_way() {
        nest(a, b);
        nest(b, c);
        nest(a, c);
        assertThat(stage.log).isEmpty();
        nest(c, a);

        assertThat(stage.broken().getFirst().what()).contains("c → a → b → c");
    }

    @Test
    void what_was_seen_before_a_rollback_counts() {
        stage.machine.undo().mark();
        nest(a, b);
        stage.machine.undo().rollback();
        nest(b, a);

        assertThat(stage.rules()).containsExactly(ORDER);
    }

    @Test
    void what_was_forgotten_does_not() {
        nest(a, b);
        inInterrupt(() -> a.lock().close());
        kernel.lockOrder().forget();
        nest(b, a);
        a.lock().close();

        assertThat(stage.log).isEmpty();
        assertThat(kernel.lockOrder().edges()).containsExactly("b → a");
    }

    @Test
    void what_was_seen_since_the_mark_is_forgotten_with_a_rollback() {
        nest(a, b);
        kernel.lockOrder().mark();
        long atMark = kernel.lockOrder().fingerprint();
        nest(b, c);
        assertThat(kernel.lockOrder().fingerprint()).isNotEqualTo(atMark);
        kernel.lockOrder().rollback();

        assertThat(kernel.lockOrder().edges()).containsExactly("a → b");
        assertThat(kernel.lockOrder().fingerprint()).isEqualTo(atMark);
        nest(c, b);
        assertThat(stage.log).isEmpty();
        nest(b, a);
        assertThat(stage.rules()).containsExactly(ORDER);
    }

    @Test
    void the_edge_that_closed_a_cycle_is_reported_in_every_run() {
        nest(a, b);
        nest(b, a);
        nest(b, a);
        nest(a, b);

        assertThat(stage.broken()).hasSize(2);
    }

    @Test
    void locks_of_one_name_are_one() {
        nest(new Spinlock(kernel, "ste_lock"), new Spinlock(kernel, "cmdq"));
        nest(new Spinlock(kernel, "cmdq"), new Spinlock(kernel, "ste_lock"));

        assertThat(stage.rules()).containsExactly(ORDER);
    }

    @Test
    void nesting_two_locks_of_one_name_is_reported() {
        nest(new Spinlock(kernel, "group"), new Spinlock(kernel, "group"));

        assertThat(stage.broken().getFirst().what()).startsWith("group → group");
    }

    @Test
    void mutexes_spinlocks_and_rwlocks_share_one_graph() {
        Mutex mutex = new Mutex(kernel, "mutex");
        RwLock rw = new RwLock(kernel, "rw");
        try (var _ = mutex.lock(); var _ = rw.readIrqsave()) {
            assertThat(rw.held()).isTrue();
        }
        try (var _ = rw.writeIrqsave(); var _ = a.irqsave()) {
            assertThat(a.held()).isTrue();
        }
        assertThat(stage.log).isEmpty();
        try (var _ = a.irqsave(); var _ = mutex.lock()) {
            assertThat(mutex.held()).isTrue();
        }
        assertThat(stage.rules()).contains(ORDER);
    }

    @Test
    void a_deadlock_of_two_orders_is_explained_in_the_run_that_meets_it() {
        boolean[] met = new boolean[1];
        Stage.all(s -> {
            Mutex a = new Mutex(s.kernel, "a");
            Mutex b = new Mutex(s.kernel, "b");
            return () -> {
                s.cpu0.start("ab", () -> {
                    try (var _ = a.lock(); var _ = b.lock()) {
                        s.note("ab");
                    }
                });
                s.cpu1.start("ba", () -> {
                    try (var _ = b.lock(); var _ = a.lock()) {
                        s.note("ba");
                    }
                });
            };
        }, s -> {
            assertThat(s.rules()).containsExactly(ORDER);
            met[0] |= s.stuck.size() == 2;
        });
        assertThat(met[0]).isTrue();
    }

    @Test
    void a_lock_that_a_handler_takes_must_not_be_taken_with_interrupts_on() {
        inInterrupt(() -> a.lock().close());
        a.irqsave().close();
        assertThat(stage.log).isEmpty();
        a.lock().close();

        assertThat(stage.rules()).containsExactly(IRQ_SAFETY);
        assertThat(stage.broken().getFirst().what())
                .isEqualTo("a is taken in interrupts and with interrupts on (by boot)");
    }

    @Test
    void also_when_the_handler_comes_later() {
        a.lock().close();
        inInterrupt(() -> a.lock().close());

        assertThat(stage.rules()).containsExactly(IRQ_SAFETY);
        assertThat(stage.broken().getFirst().what()).contains("hard interrupt");
    }

    @Test
    void also_through_a_lock_taken_under_the_handlers_lock_in_whatever_order_it_is_learnt() {
        List<Function<LockOrderTest, Runnable>> facts = List.of(
                t -> () -> t.inInterrupt(() -> t.a.lock().close()),
                t -> () -> nest(t.a, t.b),
                t -> () -> t.b.lock().close());
        for (int[] order : new int[][] {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}) {
            LockOrderTest test = new LockOrderTest();
            facts.get(order[0]).apply(test).run();
            facts.get(order[1]).apply(test).run();
            assertThat(test.stage.broken()).isEmpty();
            facts.get(order[2]).apply(test).run();
            assertThat(test.stage.rules()).containsExactly(IRQ_SAFETY);
            assertThat(test.stage.broken().getFirst().what())
                    .contains("a is taken in interrupts, b with interrupts on: a → b");
            facts.get(order[2]).apply(test).run();
            assertThat(test.stage.broken()).hasSize(2);
        }
    }

    @Test
    void readers_on_both_sides_are_safe_and_a_writer_on_either_is_not() {
        boolean[][] cases = {{false, false}, {false, true}, {true, false}, {true, true}};
        for (boolean[] writes : cases) {
            LockOrderTest test = new LockOrderTest();
            RwLock rw = new RwLock(test.kernel, "rw");
            test.inInterrupt(() -> (writes[0] ? rw.write() : rw.read()).close());
            (writes[1] ? rw.write() : rw.read()).close();
            assertThat(test.stage.rules().contains(IRQ_SAFETY)).isEqualTo(writes[0] || writes[1]);
        }
    }

    @Test
    void a_lock_that_a_timer_takes_must_not_be_taken_with_interrupts_on() {
        KTimer timer = new KTimer(kernel, "timer", stage.cpu0, () -> a.lock().close());
        timer.arm(1);
        kernel.udelay(5);
        assertThat(stage.log).isEmpty();
        a.lock().close();

        assertThat(stage.rules()).containsExactly(IRQ_SAFETY);
    }

    @Test
    void also_when_the_timer_comes_later() {
        RwLock rw = new RwLock(kernel, "rw");
        rw.read().close();
        KTimer timer = new KTimer(kernel, "timer", stage.cpu0, () -> rw.writeIrqsave().close());
        timer.arm(1);
        kernel.udelay(5);

        assertThat(stage.rules()).containsExactly(IRQ_SAFETY);
    }

    @Test
    void a_lock_of_a_timer_and_a_hard_interrupt_must_be_irqsave_in_the_timer() {
        KTimer timer = new KTimer(kernel, "timer", stage.cpu0, () -> a.lock().close());
        timer.arm(1);
        kernel.udelay(5);
        inInterrupt(() -> a.lock().close());

        assertThat(stage.rules()).containsExactly(IRQ_SAFETY);
    }

    @Test
    void an_unsafe_lock_really_gets_stuck() {
        boolean[] stuck = new boolean[1];
        Stage.all(s -> {
            Spinlock lock = new Spinlock(s.kernel, "lock");
            Irq irq = s.irq("dev");
            s.kernel.requestIrq(irq, s.cpu0, "dev", () -> lock.lock().close());
            return () -> {
                irq.pulse();
                s.cpu0.start("task", () -> lock.lock().close());
            };
        }, s -> {
            assertThat(s.rules()).contains(IRQ_SAFETY);
            stuck[0] |= s.stuck.contains("task");
        });
        assertThat(stuck[0]).isTrue();
    }

    @Test
    void too_many_names_are_refused() {
        assertThatThrownBy(() -> {
            for (int i = 0; i < 2_000; i++) {
                kernel.lockOrder().classOf("lock " + i);
            }
        }).isInstanceOf(IllegalStateException.class).hasMessageContaining("name");
    }
}
