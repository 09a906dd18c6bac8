// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AloneTest {
    private final Machine machine = new Machine();
    private final Strands strands = machine.strands();
    private final Word work = new Word(machine.undo());
    private final Word done = new Word(machine.undo());
    private final Strand worker = new Strand() {
        @Override
        public String name() {
            return "worker";
        }

        @Override
        public boolean enabled() {
            return work.test();
        }

        @Override
        public void step() {
            work.add(-1);
            done.add(1);
        }
    };

    @Test
    void a_wait_runs_hardware_only_until_its_condition_holds() {
        machine.add(worker);
        work.set(10);
        strands.await(() -> done.get() == 4);

        assertThat(done.get()).isEqualTo(4);
        assertThat(work.get()).isEqualTo(6);
    }

    @Test
    void a_wait_for_what_holds_already_runs_nothing() {
        machine.add(worker);
        work.set(1);
        strands.await(Condition.ALWAYS);
        strands.point(Access.READ, 0);

        assertThat(done.get()).isZero();
    }

    @Test
    void time_passes_only_when_hardware_has_nothing_to_do() {
        machine.add(worker);
        work.set(3);
        Alarm alarm = machine.clock().alarm("a");
        alarm.arm(10);
        strands.await(alarm::due);

        assertThat(done.get()).isEqualTo(3);
        assertThat(machine.clock().now()).isEqualTo(10);
    }

    @Test
    void a_wait_for_what_nobody_does_is_refused_by_name() {
        assertThatThrownBy(() -> strands.await(() -> false))
                .hasMessage("boot waits for what no hardware will do");
    }

    @Test
    void a_wait_that_hardware_keeps_busy_for_ever_ends_too() {
        machine.add(worker);
        work.set(Long.MAX_VALUE);

        assertThatThrownBy(() -> strands.await(() -> false)).hasMessageContaining("boot waits");
        assertThatThrownBy(() -> new Alone(machine).settle()).hasMessage("hardware does not come to rest");
    }

    @Test
    void settle_brings_hardware_to_rest_without_letting_time_pass() {
        machine.add(worker);
        work.set(5);
        machine.clock().alarm("a").arm(10);
        new Alone(machine).settle();

        assertThat(done.get()).isEqualTo(5);
        assertThat(machine.clock().now()).isZero();
    }

    @Test
    void software_runs_on_the_spot_as_itself() {
        List<String> seen = new ArrayList<>();
        Strand started = strands.start("task", "cpu0", Condition.ALWAYS, () -> {
            seen.add(strands.current().name());
            strands.start("inner", "cpu1", Condition.ALWAYS, () -> seen.add(strands.current().lane()));
            seen.add(strands.current().name());
        });

        assertThat(seen).containsExactly("task", "cpu1", "task");
        assertThat(strands.current().name()).isEqualTo("boot");
        assertThat(started.lane()).isEqualTo("cpu0");
        assertThat(started.prompt()).isFalse();
        assertThat(started.enabled()).isTrue();
        assertThatThrownBy(started::step).hasMessage("task runs on its caller");
    }

    @Test
    void an_exception_of_software_reaches_the_caller_who_is_boot_again() {
        assertThatThrownBy(() -> strands.start("task", "cpu0", Condition.ALWAYS, () -> {
            throw new IllegalStateException("oops");
        })).hasMessage("oops");
        assertThat(strands.current().name()).isEqualTo("boot");
    }

    @Test
    void a_failure_of_lazaret_is_thrown_as_it_is() {
        var bug = new IllegalStateException("bug");
        var error = new AssertionError("error");
        var checked = new Exception("checked");

        assertThatThrownBy(() -> strands.broken(bug)).isSameAs(bug);
        assertThatThrownBy(() -> strands.broken(error)).isSameAs(error);
        assertThatThrownBy(() -> strands.broken(checked))
                .isInstanceOf(IllegalStateException.class).hasCause(checked);
    }
}
