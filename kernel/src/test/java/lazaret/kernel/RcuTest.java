// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import static lazaret.kernel.KernelEntry.BrokenContext.RCU_SLEEP;
import static lazaret.kernel.KernelEntry.BrokenContext.RCU_UNPROTECTED;
import static lazaret.kernel.KernelEntry.BrokenContext.SELF_WAIT;
import static lazaret.kernel.KernelEntry.BrokenContext.SLEEP;
import static lazaret.kernel.KernelEntry.BrokenContext.UNLOCK;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import lazaret.kernel.KernelEntry.UseAfterFree;
import lazaret.machine.Alone;
import org.junit.jupiter.api.Test;

class RcuTest {
    private final Stage stage = new Stage();
    private final Rcu rcu = stage.kernel.rcu();

    /** A reader looks at an object through a pointer while its owner replaces it and frees it afterwards. */
    private static Stage.Program replacement(boolean patient, boolean byCallback) {
        return s -> {
            Lifetime old = new Lifetime(s.kernel, "old");
            Lifetime fresh = new Lifetime(s.kernel, "fresh");
            SharedRef<Lifetime> pointer = new SharedRef<>(s.kernel, "pointer", old);
            return () -> {
                s.cpu0.start("reader", () -> {
                    try (var _ = s.kernel.rcu().readLock()) {
                        Lifetime seen = pointer.rcuDereference();
                        s.kernel.cpuRelax();
                        seen.touch();
                    }
                });
                s.cpu1.start("updater", () -> {
                    pointer.rcuAssign(fresh);
                    if (byCallback) {
                        s.kernel.rcu().call(old::free);
                        return;
                    }
                    if (patient) {
                        s.kernel.rcu().synchronize();
                    }
                    old.free();
                });
            };
        };
    }

    @Test
    void what_is_freed_after_a_grace_period_is_never_used_after_free() {
        int runs = Stage.all(replacement(true, false), s -> {
            assertThat(s.stuck).isEmpty();
            assertThat(s.log).isEmpty();
        });
        assertThat(runs).isGreaterThan(20);
    }

    @Test
    void what_is_freed_in_a_callback_is_never_used_after_free() {
        Stage.all(replacement(true, true), s -> {
            assertThat(s.stuck).isEmpty();
            assertThat(s.log).isEmpty();
        });
    }

    @Test
    void without_a_grace_period_it_is() {
        boolean[] used = new boolean[1];
        Stage.all(replacement(false, false), s -> used[0] |= !s.entries(UseAfterFree.class).isEmpty());

        assertThat(used[0]).isTrue();
    }

    @Test
    void a_grace_period_waits_for_readers_before_it_and_not_for_those_after_it() {
        TreeSet<String> orders = new TreeSet<>();
        Stage.all(s -> {
            Shared stay = new Shared(s.kernel, "stay", 1);
            return () -> {
                s.cpu0.start("reader", () -> {
                    try (var _ = s.kernel.rcu().readLock()) {
                        s.note("(");
                        s.kernel.cpuRelax();
                        s.note(")");
                    }
                    try (var _ = s.kernel.rcu().readLock()) {
                        s.note("[");
                        s.kernel.await(() -> stay.peek() == 0);
                        s.note("]");
                    }
                });
                s.cpu1.start("updater", () -> {
                    s.note("<");
                    s.kernel.rcu().synchronize();
                    s.note(">");
                    stay.writeOnce(0);
                });
            };
        }, s -> {
            String order = String.join("", s.notes);
            assertThat(order).doesNotContain("(<>)").doesNotContain("[<>");
            assertThat(s.stuck.isEmpty()).isEqualTo(order.contains(">"));
            orders.add(order);
        });

        // The second section ends only after the grace period: it must have begun after it.
        assertThat(orders).contains("()<[>]", "()[<", "(<)>[]");
    }

    @Test
    void a_second_grace_period_waits_for_the_same_reader_as_the_first() {
        Stage.random(300, s -> () -> {
            s.cpu0.start("reader", () -> {
                try (var _ = s.kernel.rcu().readLock()) {
                    s.note("(");
                    s.kernel.cpuRelax();
                    s.kernel.cpuRelax();
                    s.note(")");
                }
            });
            for (String updater : List.of("a", "b")) {
                s.cpu1.start(updater, () -> {
                    boolean inside = s.notes.contains("(") && !s.notes.contains(")");
                    s.kernel.rcu().synchronize();
                    assertThat(inside && !s.notes.contains(")")).isFalse();
                });
            }
        }, s -> assertThat(s.stuck).isEmpty());
    }

    @Test
    void a_barrier_waits_also_for_the_callback_that_runs() {
        Stage.all(s -> () -> {
            s.cpu0.start("task", () -> {
                s.kernel.rcu().call(() -> {
                    s.kernel.cpuRelax();
                    s.note("called");
                });
                s.kernel.rcu().barrier();
                s.note("after");
            });
        }, s -> assertThat(s.notes).containsExactly("called", "after"));
    }

    @Test
    void nested_sections_end_with_the_outermost() {
        try (var _ = rcu.readLock()) {
            try (var _ = rcu.readLock()) {
                assertThat(stage.kernel.context().inRcu()).isTrue();
            }
            assertThat(stage.kernel.context().inRcu()).isTrue();
            rcu.call(() -> stage.note("called"));
            ((Alone) stage.machine.strands()).settle();
            assertThat(stage.notes).isEmpty();
        }
        ((Alone) stage.machine.strands()).settle();
        assertThat(stage.notes).containsExactly("called");
    }

    @Test
    void a_barrier_waits_for_the_callbacks() {
        rcu.call(() -> stage.note("one"));
        rcu.call(() -> stage.note("two"));
        rcu.barrier();

        assertThat(stage.notes).containsExactly("one", "two");
        assertThat(stage.log).isEmpty();
    }

    @Test
    void sleeping_in_a_read_section_is_reported() {
        try (var _ = rcu.readLock()) {
            stage.kernel.msleep(1);
        }
        assertThat(stage.rules()).containsExactly(RCU_SLEEP);
    }

    @Test
    void sleeping_in_a_callback_is_reported() {
        rcu.call(() -> stage.kernel.mightSleep("nap"));
        rcu.barrier();

        assertThat(stage.rules()).containsExactly(SLEEP);
        assertThat(stage.broken().getFirst().what()).contains("nap").contains("soft interrupt");
    }

    @Test
    void waiting_for_a_grace_period_under_a_spinlock_is_reported() {
        try (var _ = new Spinlock(stage.kernel, "spin").lock()) {
            rcu.synchronize();
        }
        assertThat(stage.rules()).containsExactly(SLEEP);
    }

    @Test
    void waiting_for_a_grace_period_in_a_read_section_is_reported() {
        try (var _ = rcu.readLock()) {
            rcu.synchronize();
        }
        assertThat(stage.rules()).containsExactly(RCU_SLEEP, SELF_WAIT);
    }

    @Test
    void following_a_pointer_outside_a_section_is_reported() {
        new SharedRef<>(stage.kernel, "pointer", "x").rcuDereference();

        assertThat(stage.rules()).containsExactly(RCU_UNPROTECTED);
    }

    @Test
    void ending_a_section_twice_is_reported() {
        Held held = rcu.readLock();
        held.close();
        held.close();

        assertThat(stage.rules()).containsExactly(UNLOCK);
    }

    @Test
    void many_grace_periods_at_once_still_wait_for_each_reader() {
        Held[] readers = new Held[40];
        for (int i = 0; i < readers.length; i++) {
            int n = i;
            readers[i] = rcu.readLock();
            rcu.call(() -> stage.note("after " + n));
        }
        Alone alone = (Alone) stage.machine.strands();
        alone.settle();
        assertThat(stage.notes).isEmpty();
        for (Held reader : readers) {
            reader.close();
        }
        alone.settle();
        assertThat(stage.notes).hasSize(readers.length);
        assertThat(stage.log).isEmpty();
    }
}
