// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ClockTest {
    private final Machine machine = new Machine();
    private final Clock clock = machine.clock();

    @Test
    void time_stands_still_while_nothing_is_awaited() {
        clock.alarm("never");

        assertThat(clock.now()).isZero();
        assertThat(clock.enabled()).isFalse();
        assertThat(clock.ahead()).isFalse();
    }

    @Test
    void time_jumps_from_deadline_to_deadline() {
        Alarm late = clock.alarm("late");
        Alarm soon = clock.alarm("soon");
        late.arm(100);
        soon.arm(30);

        clock.step();
        assertThat(clock.now()).isEqualTo(30);
        assertThat(soon.due()).isTrue();
        assertThat(late.due()).isFalse();
        clock.step();
        assertThat(clock.now()).isEqualTo(100);
        assertThat(late.due()).isTrue();
        assertThat(clock.enabled()).isFalse();
    }

    @Test
    void an_alarm_that_is_due_stays_due_and_does_not_hold_up_the_next_one() {
        Alarm first = clock.alarm("first");
        Alarm second = clock.alarm("second");
        first.arm(10);
        second.arm(20);
        clock.step();
        clock.step();

        assertThat(first.due()).isTrue();
        assertThat(second.due()).isTrue();
        assertThat(clock.now()).isEqualTo(20);
    }

    @Test
    void alarms_can_be_moved_and_cancelled() {
        Alarm alarm = clock.alarm("a");
        assertThat(alarm.name()).isEqualTo("a");
        assertThat(alarm.armed()).isFalse();
        assertThat(alarm.due()).isFalse();
        alarm.arm(10);
        alarm.arm(50);
        assertThat(alarm.deadline()).isEqualTo(50);
        clock.step();
        assertThat(clock.now()).isEqualTo(50);
        alarm.armAt(70);
        assertThat(alarm.due()).isFalse();
        alarm.cancel();
        assertThat(alarm.armed()).isFalse();
        assertThat(clock.enabled()).isFalse();
    }

    @Test
    void a_delay_of_nothing_is_due_at_once_and_a_huge_one_never() {
        Alarm alarm = clock.alarm("a");
        alarm.arm(0);
        assertThat(alarm.due()).isTrue();
        assertThat(clock.enabled()).isFalse();
        alarm.armAt(5);
        clock.step();
        alarm.arm(Long.MAX_VALUE);
        assertThat(alarm.armed()).isFalse();
        assertThat(alarm.due()).isFalse();
        assertThatThrownBy(() -> alarm.arm(-1)).hasMessage("a cannot be due -1 us from now");
    }

    @Test
    void time_waits_for_prompt_strands_and_for_no_others() {
        var healthy = new Agent("healthy", true);
        var faulty = new Agent("faulty", false);
        machine.add(healthy);
        machine.add(faulty);
        clock.alarm("time-out").arm(10);

        assertThat(clock.enabled()).isTrue();
        faulty.work.set(1);
        assertThat(clock.enabled()).isTrue();
        healthy.work.set(1);
        assertThat(clock.enabled()).isFalse();
        assertThat(clock.ahead()).isTrue();
        healthy.step();
        assertThat(clock.enabled()).isTrue();
        assertThat(clock.prompt()).isFalse();
        assertThat(clock.name()).isEqualTo("time");
        assertThat(clock.lane()).isEqualTo("time");
    }

    @Test
    void roll_back_takes_back_time_deadlines_and_alarms_made_since() {
        Alarm alarm = clock.alarm("a");
        alarm.arm(10);
        machine.undo().mark();
        for (int run = 0; run < 3; run++) {
            clock.step();
            alarm.cancel();
            Alarm made = clock.alarm("made in a run");
            made.arm(5);
            assertThat(clock.enabled()).isTrue();
            machine.undo().rollback();

            assertThat(clock.now()).isZero();
            assertThat(alarm.deadline()).isEqualTo(10);
            clock.step();
            assertThat(clock.now()).isEqualTo(10);
            assertThat(clock.enabled()).isFalse();
            machine.undo().rollback();
        }
    }

    /** Has so much work, one piece a step. */
    private final class Agent implements Strand {
        private final String name;
        private final boolean prompt;
        private final Word work = new Word(machine.undo());

        Agent(String name, boolean prompt) {
            this.name = name;
            this.prompt = prompt;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean enabled() {
            return work.test();
        }

        @Override
        public void step() {
            work.add(-1);
        }

        @Override
        public boolean prompt() {
            return prompt;
        }
    }
}
