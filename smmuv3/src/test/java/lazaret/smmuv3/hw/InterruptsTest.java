// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import static org.assertj.core.api.Assertions.assertThat;

import lazaret.smmuv3.Gerror;
import lazaret.smmuv3.Reg;
import org.junit.jupiter.api.Test;

class InterruptsTest {
    private static final int GERROR_IRQ = 1;
    private static final int EVENTQ_IRQ = 4;

    private final Rig rig = new Rig();

    private void badCommand() {
        rig.put(Rig.CMDQ, 0xff, 0);
        rig.write(Reg.CMDQ_PROD, 1);
        rig.settle();
    }

    @Test
    void an_error_toggles_its_bit_and_acknowledging_it_makes_the_two_equal() {
        rig.queues();
        rig.enable(Rig.CMDQEN);
        badCommand();
        assertThat(rig.read(Reg.GERROR)).isEqualTo(1);

        rig.write(Reg.GERRORN, 1);
        rig.settle();
        assertThat(rig.read(Reg.GERROR)).isZero();              // the same command again: toggled again

        rig.write(Reg.GERRORN, 0);
        rig.settle();
        assertThat(rig.read(Reg.GERROR)).isEqualTo(1);
    }

    @Test
    void an_active_error_is_not_reported_again() {
        Registers registers = new Registers(rig.machine, SmmuParams.USUAL);
        Interrupts interrupts = new Interrupts(rig.machine, SmmuParams.USUAL, registers);
        interrupts.raise(Gerror.EVENTQ_ABT_ERR);
        interrupts.raise(Gerror.EVENTQ_ABT_ERR);

        assertThat(registers.get(Reg.GERROR)).isEqualTo(Gerror.EVENTQ_ABT_ERR.mask());
        assertThat(interrupts.active(Gerror.EVENTQ_ABT_ERR)).isTrue();
        assertThat(interrupts.active(Gerror.CMDQ_ERR)).isFalse();
    }

    @Test
    void the_wire_is_pulsed_only_if_enabled() {
        rig.queues();
        rig.enable(Rig.CMDQEN);
        badCommand();
        assertThat(rig.smmu.gerrorIrq().pending()).isFalse();

        rig.write(Reg.IRQ_CTRL, GERROR_IRQ);
        rig.settle();
        rig.acknowledge();
        assertThat(rig.smmu.gerrorIrq().pending()).isTrue();
    }

    @Test
    void a_message_is_written_where_software_said() {
        rig.queues();
        rig.write64(Reg.GERROR_IRQ_CFG0, 0x7004);
        rig.write(Reg.GERROR_IRQ_CFG1, 0x1234);
        rig.write(Reg.IRQ_CTRL, GERROR_IRQ);
        rig.enable(Rig.CMDQEN);
        badCommand();

        assertThat(rig.ram.load(0x7000)).isEqualTo(0x1234L << 32);
        assertThat(rig.smmu.gerrorIrq().pending()).isTrue();
    }

    @Test
    void a_message_that_aborts_is_an_error_without_interrupt() {
        rig.queues();
        rig.write64(Reg.GERROR_IRQ_CFG0, 1L << 40);
        rig.write(Reg.IRQ_CTRL, GERROR_IRQ);
        rig.enable(Rig.CMDQEN);
        badCommand();

        assertThat(rig.read(Reg.GERROR)).isEqualTo(1 | 1 << 7);
    }

    @Test
    void the_event_interrupt_comes_when_the_queue_is_no_longer_empty() {
        Rig on = Rig.on();
        on.function.writes(0x1000, 1);
        on.settle();
        assertThat(on.smmu.evtqIrq().pending()).isFalse();      // not enabled

        on.events();
        on.write(Reg.IRQ_CTRL, EVENTQ_IRQ);
        on.settle();
        on.function.writes(0x1000, 1);
        on.settle();
        assertThat(on.smmu.evtqIrq().pending()).isTrue();

        on.smmu.evtqIrq().take();
        on.function.writes(0x1000, 1);
        on.settle();
        assertThat(on.smmu.evtqIrq().pending()).isFalse();

        on.events();
        on.function.writes(0x1000, 1);
        on.settle();
        assertThat(on.smmu.evtqIrq().pending()).isTrue();
    }

    @Test
    void an_event_message_that_aborts_is_reported_with_an_interrupt() {
        Rig on = new Rig();
        on.queues();
        on.tables();
        on.write64(Reg.EVENTQ_IRQ_CFG0, 1L << 40);
        on.write(Reg.IRQ_CTRL, GERROR_IRQ | EVENTQ_IRQ);
        on.enable(Rig.ALL_ON);
        on.function.writes(0x1000, 1);
        on.settle();

        assertThat(on.read(Reg.GERROR)).isEqualTo(1 << 5);
        assertThat(on.smmu.gerrorIrq().pending()).isTrue();
    }
}
