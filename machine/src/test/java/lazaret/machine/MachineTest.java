// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MachineTest {
    private record Agent(String name) implements Strand {
        @Override
        public boolean enabled() {
            return false;
        }

        @Override
        public void step() {
            throw new IllegalStateException("never enabled");
        }
    }

    private final Machine machine = new Machine();

    @Test
    void a_choice_with_one_alternative_is_not_asked_and_one_with_none_is_refused() {
        machine.enter(machine.strands(), (n, why) -> {
            throw new IllegalStateException("asked " + why);
        });

        assertThat(machine.pick(1, "only one")).isZero();
        assertThatThrownBy(() -> machine.pick(2, "two")).hasMessage("asked two");
        assertThatThrownBy(() -> machine.pick(0, "what to do"))
                .hasMessage("nothing to pick from: what to do");
        machine.leave();
        assertThat(machine.pick(9, "nine")).isZero();
    }

    @Test
    void hardware_is_listed_in_the_order_in_which_it_was_added() {
        for (int i = 0; i < 20; i++) {
            machine.add(new Agent("agent" + i));
        }

        assertThat(machine.hardware()).hasSize(20);
        assertThat(machine.hardware().get(0).name()).isEqualTo("agent0");
        assertThat(machine.hardware().get(19).name()).isEqualTo("agent19");
        assertThatThrownBy(() -> machine.hardware().add(new Agent("x")))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> machine.hardware().get(20)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void two_strands_of_one_name_are_refused() {
        machine.add(new Agent("cmdq"));

        assertThatThrownBy(() -> machine.add(new Agent("cmdq")))
                .hasMessage("two hardware strands are named cmdq");
    }

    @Test
    void hardware_added_after_the_mark_is_gone_with_the_roll_back() {
        machine.add(new Agent("a"));
        machine.undo().mark();
        for (int run = 0; run < 3; run++) {
            machine.add(new Agent("b"));
            assertThat(machine.hardware()).hasSize(2);
            machine.undo().rollback();
            assertThat(machine.hardware()).hasSize(1);
        }
    }

    @Test
    void boot_is_one_and_the_same_strand_before_and_after_a_run() {
        Strand boot = machine.strands().current();
        machine.enter(new Idle(), Chance.FIRST);
        machine.leave();

        assertThat(machine.strands().current()).isSameAs(boot);
    }

    @Test
    void an_interrupt_stays_pending_until_taken_and_pulses_before_that_coalesce() {
        Irq irq = new Irq(machine.undo(), "gerror");
        machine.undo().mark();

        assertThat(irq.name()).isEqualTo("gerror");
        assertThat(irq.pending()).isFalse();
        irq.pulse();
        irq.pulse();
        assertThat(irq.pending()).isTrue();
        irq.take();
        assertThat(irq.pending()).isFalse();
        irq.pulse();
        machine.undo().rollback();
        assertThat(irq.pending()).isFalse();
    }

    @Test
    void the_thing_that_is_not_modelled_is_named() {
        assertThat(new Unmodelled("STE.S2HA")).hasMessage("not modelled: STE.S2HA");
    }

    /** In charge, and does nothing. */
    private static final class Idle implements Strands {
        @Override
        public Strand current() {
            return new Agent("nobody");
        }

        @Override
        public void point(Access access, long resource) {
            // not called here
        }

        @Override
        public void await(Condition condition) {
            // not called here
        }

        @Override
        public Strand start(String name, String lane, Condition mayRun, Runnable body) {
            throw new IllegalStateException("not called here");
        }
    }
}
