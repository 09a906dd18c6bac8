// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import static lazaret.kernel.KernelEntry.BrokenContext.RECURSION;
import static lazaret.kernel.KernelEntry.BrokenContext.UNLOCK;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RwLockTest {
    private final Stage stage = new Stage();
    private final RwLock lock = new RwLock(stage.kernel, "lock");

    @Test
    void a_writer_excludes_readers_and_writers_and_readers_share() {
        TreeSet<String> orders = new TreeSet<>();
        Stage.all(s -> {
            RwLock lock = new RwLock(s.kernel, "lock");
            Cpu cpu2 = s.kernel.cpu("cpu2");
            return () -> {
                s.cpu0.start("r1", () -> section(s, lock.read(), "r"));
                s.cpu1.start("r2", () -> section(s, lock.read(), "R"));
                cpu2.start("w", () -> section(s, lock.write(), "w"));
            };
        }, s -> {
            assertThat(s.stuck).isEmpty();
            assertThat(s.log).isEmpty();
            orders.add(String.join("", s.notes));
        });

        assertThat(orders).allMatch(o -> o.contains("ww")).anyMatch(o -> o.contains("rRrR"))
                .contains("wwrrRR", "rrwwRR", "rRRrww");
    }

    private static void section(Stage s, Held held, String who) {
        s.note(who);
        s.kernel.cpuRelax();
        s.note(who);
        held.close();
    }

    @Test
    void a_reader_may_read_again() {
        try (var _ = lock.read(); var _ = lock.read()) {
            assertThat(lock.held()).isTrue();
            assertThat(lock.heldForWrite()).isFalse();
        }

        assertThat(lock.held()).isFalse();
        try (var _ = lock.write()) {
            assertThat(lock.heldForWrite()).isTrue();
        }
        assertThat(stage.log).isEmpty();
    }

    @Test
    void an_interrupt_may_read_on_top_of_a_reader() {
        Stage.all(s -> {
            RwLock lock = new RwLock(s.kernel, "lock");
            var irq = s.irq("dev");
            s.kernel.requestIrq(irq, s.cpu0, "dev", () -> section(s, lock.read(), "i"));
            return () -> s.cpu0.start("task", () -> {
                try (var _ = lock.read()) {
                    irq.pulse();
                    s.kernel.cpuRelax();
                }
            });
        }, s -> {
            assertThat(s.stuck).isEmpty();
            assertThat(s.notes).containsExactly("i", "i");
            assertThat(s.log).isEmpty();
        });
    }

    @Test
    void a_reader_that_wants_to_write_is_reported() {
        try (var _ = lock.read(); var _ = lock.write()) {
            assertThat(stage.rules()).containsExactly(RECURSION);
        }
        assertThat(lock.held()).isFalse();
    }

    @Test
    void a_writer_that_wants_to_read_is_reported() {
        try (var _ = lock.write(); var _ = lock.read()) {
            assertThat(stage.rules()).containsExactly(RECURSION);
        }
        assertThat(lock.held()).isFalse();
    }

    @Test
    void releasing_a_read_that_is_not_held_is_reported() {
        Held held = lock.read();
        held.close();
        held.close();

        assertThat(stage.rules()).containsExactly(UNLOCK);
    }

    @Test
    void releasing_anothers_write_is_reported_and_releases_it() {
        Held held = lock.writeIrqsave();
        stage.cpu0.start("thief", held::close);

        assertThat(stage.rules()).containsExactly(UNLOCK);
        assertThat(lock.held()).isFalse();
        assertThat(stage.kernel.irqsOff()).isFalse();
    }

    @Test
    void the_irqsave_variants_turn_interrupts_off_and_on() {
        try (var _ = lock.readIrqsave()) {
            assertThat(stage.kernel.irqsOff()).isTrue();
        }
        try (var _ = lock.writeIrqsave()) {
            assertThat(stage.kernel.irqsOff()).isTrue();
        }
        assertThat(stage.kernel.irqsOff()).isFalse();
        assertThat(stage.log).isEmpty();
    }
}
