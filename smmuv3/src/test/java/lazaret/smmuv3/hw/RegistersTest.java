// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lazaret.machine.Unmodelled;
import lazaret.smmuv3.Gbpa;
import lazaret.smmuv3.Idr0;
import lazaret.smmuv3.Reg;
import org.junit.jupiter.api.Test;

class RegistersTest {
    private final Rig rig = new Rig();

    @Test
    void id_registers_say_what_the_parameters_say_and_cannot_be_written() {
        rig.write(Reg.IDR0, 0);
        rig.write(Reg.AIDR, 0);

        assertThat(Idr0.ATS.test(rig.read(Reg.IDR0))).isTrue();
        assertThat(Idr0.S2P.test(rig.read(Reg.IDR0))).isFalse();
        assertThat(rig.read(Reg.AIDR)).isEqualTo(2);
    }

    @Test
    void cr0_reads_back_at_once_and_cr0ack_follows_in_a_step() {
        rig.write(Reg.CR0, Rig.CMDQEN);

        assertThat(rig.read(Reg.CR0)).isEqualTo(Rig.CMDQEN);
        assertThat(rig.read(Reg.CR0ACK)).isZero();

        rig.step("smmu registers");

        assertThat(rig.read(Reg.CR0ACK)).isEqualTo(Rig.CMDQEN);
        assertThat(rig.can("smmu registers")).isFalse();
    }

    @Test
    void a_field_of_cr0_in_transition_keeps_its_value() {
        rig.write(Reg.CR0, Rig.CMDQEN);
        rig.write(Reg.CR0, Rig.EVENTQEN);

        assertThat(rig.read(Reg.CR0)).isEqualTo(Rig.CMDQEN | Rig.EVENTQEN);
    }

    @Test
    void reserved_and_missing_bits_of_cr0_stay_zero() {
        Rig without = new Rig(p -> p.with(Idr0.ATS, 0));
        without.enable(-1);
        rig.enable(-1);

        assertThat(rig.read(Reg.CR0)).isEqualTo(Rig.ALL_ON);
        assertThat(rig.read(Reg.CR0ACK)).isEqualTo(Rig.ALL_ON);
        assertThat(without.read(Reg.CR0ACK)).isEqualTo(Rig.ALL_ON & ~Rig.ATSCHK);
    }

    @Test
    void queue_registers_are_read_only_while_the_queue_is_on_or_going() {
        rig.queues();
        rig.enable(Rig.CMDQEN);
        rig.write(Reg.CR0, 0);
        rig.write64(Reg.CMDQ_BASE, 0x5000);
        rig.write(Reg.CMDQ_CONS, 3);

        assertThat(rig.mmio.read64(Reg.CMDQ_BASE.offset())).isEqualTo(Rig.CMDQ | Rig.CMDQ_LOG2);
        assertThat(rig.cons()).isZero();

        rig.settle();
        rig.write64(Reg.CMDQ_BASE, 0x5000);
        rig.write(Reg.CMDQ_CONS, 3);

        assertThat(rig.mmio.read64(Reg.CMDQ_BASE.offset())).isEqualTo(0x5000);
        assertThat(rig.cons()).isEqualTo(3);
    }

    @Test
    void they_are_so_from_the_moment_at_which_the_queue_is_to_be_on() {
        rig.queues();
        rig.write(Reg.CR0, Rig.CMDQEN | Rig.EVENTQEN);
        rig.write64(Reg.CMDQ_BASE, 0x5000);
        rig.write64(Reg.EVENTQ_BASE, 0x5000);
        rig.write(Reg.EVENTQ_PROD, 1);

        assertThat(rig.mmio.read64(Reg.CMDQ_BASE.offset())).isEqualTo(Rig.CMDQ | Rig.CMDQ_LOG2);
        assertThat(rig.mmio.read64(Reg.EVENTQ_BASE.offset())).isEqualTo(Rig.EVTQ | Rig.EVTQ_LOG2);
        assertThat(rig.read(Reg.EVENTQ_PROD)).isZero();
    }

    @Test
    void the_stream_table_is_read_only_while_the_smmu_is_on() {
        rig.queues();
        rig.enable(Rig.SMMUEN);
        rig.write64(Reg.STRTAB_BASE, 0);
        rig.write(Reg.STRTAB_BASE_CFG, 0);
        rig.write(Reg.CR2, 0);

        assertThat(rig.mmio.read64(Reg.STRTAB_BASE.offset())).isEqualTo(Rig.STRTAB);
        assertThat(rig.read(Reg.STRTAB_BASE_CFG)).isEqualTo(9);
        assertThat(rig.read(Reg.CR2)).isEqualTo(2);
    }

    @Test
    void cr1_has_two_halves_with_different_guards() {
        rig.write(Reg.CR1, 0xd75);
        rig.enable(Rig.CMDQEN);
        rig.write(Reg.CR1, 0);

        assertThat(rig.read(Reg.CR1)).isEqualTo(0x35);

        rig.enable(Rig.SMMUEN);
        rig.write(Reg.CR1, 0xfff);

        assertThat(rig.read(Reg.CR1)).isEqualTo(0x3f);
    }

    @Test
    void a_register_of_64_bits_can_be_written_in_halves() {
        rig.write(Reg.STRTAB_BASE, 0x1000);
        rig.mmio.write32(Reg.STRTAB_BASE.offset() + 4, 0x4000_0002);

        assertThat(rig.mmio.read64(Reg.STRTAB_BASE.offset())).isEqualTo(0x4000_0002_0000_1000L);
        assertThat(rig.mmio.read32(Reg.STRTAB_BASE.offset() + 4)).isEqualTo(0x4000_0002);
    }

    @Test
    void gbpa_changes_only_with_update_and_says_when_it_has() {
        int abort = (int) Gbpa.ABORT.mask();
        int update = (int) Gbpa.UPDATE.mask();
        rig.write(Reg.GBPA, abort);

        assertThat(rig.read(Reg.GBPA)).isEqualTo(0x1000);

        rig.write(Reg.GBPA, abort | update);
        rig.write(Reg.GBPA, update);

        assertThat(rig.read(Reg.GBPA)).isEqualTo(abort | update);

        rig.settle();

        assertThat(rig.read(Reg.GBPA)).isEqualTo(abort);
    }

    @Test
    void irq_ctrl_has_the_same_protocol_and_guards_the_messages() {
        rig.write64(Reg.GERROR_IRQ_CFG0, 0x9004);
        rig.write(Reg.IRQ_CTRL, 7);

        assertThat(rig.read(Reg.IRQ_CTRLACK)).isZero();

        rig.settle();
        rig.write64(Reg.GERROR_IRQ_CFG0, 0);

        assertThat(rig.read(Reg.IRQ_CTRLACK)).isEqualTo(5);
        assertThat(rig.mmio.read64(Reg.GERROR_IRQ_CFG0.offset())).isEqualTo(0x9004);
    }

    @Test
    void an_smmu_without_msi_has_no_message_registers() {
        Rig without = new Rig(p -> p.with(Idr0.MSI, 0));
        without.write64(Reg.EVENTQ_IRQ_CFG0, 0x9004);

        assertThat(without.mmio.read64(Reg.EVENTQ_IRQ_CFG0.offset())).isZero();
    }

    @Test
    void offsets_without_register_read_as_zero_and_ignore_writes() {
        rig.mmio.write32(0x8020, -1);
        rig.mmio.write32(0x0A8, -1);
        rig.write64(Reg.PRIQ_BASE, -1);

        assertThat(rig.mmio.read32(0x8020)).isZero();
        assertThat(rig.mmio.read32(0x0A8)).isZero();
        assertThat(rig.mmio.read64(Reg.PRIQ_BASE.offset())).isZero();
    }

    @Test
    void accesses_of_a_size_that_nothing_promises_are_refused() {
        assertThatThrownBy(() -> rig.mmio.read64(Reg.CR0.offset())).isInstanceOf(Unmodelled.class);
        assertThatThrownBy(() -> rig.mmio.write32(0x22, 0)).isInstanceOf(Unmodelled.class);
    }
}
