// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import static lazaret.smmuv3.hw.Rig.SYNC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import lazaret.machine.Unmodelled;
import lazaret.smmuv3.CmdError;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Idr0;
import lazaret.smmuv3.Idr5;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.hw.SmmuParams.ReservedBits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandQueueTest {
    private static final Command CFGI = new Command.CfgiSte(Rig.SID, true);

    private final Rig rig = Rig.on();

    @Test
    void one_step_consumes_one_command() {
        rig.append(CFGI, CFGI, CFGI);
        rig.publish();

        rig.step(Rig.CMDQ_STRAND);
        assertThat(rig.cons()).isEqualTo(1);

        rig.run(Rig.CMDQ_STRAND);
        assertThat(rig.cons()).isEqualTo(3);
        assertThat(rig.entries(SmmuEntry.Consumed.class)).hasSize(3);
    }

    @Test
    void nothing_is_consumed_before_prod_or_while_the_queue_is_off() {
        rig.append(CFGI);
        assertThat(rig.can(Rig.CMDQ_STRAND)).isFalse();

        rig.enable(0);
        rig.publish();
        assertThat(rig.can(Rig.CMDQ_STRAND)).isFalse();

        rig.enable(Rig.CMDQEN);
        assertThat(rig.cons()).isEqualTo(1);
    }

    @Test
    void the_queue_wraps() {
        for (int i = 0; i < 5; i++) {
            rig.issue(CFGI, CFGI, CFGI, CFGI, CFGI, CFGI, SYNC);
        }

        assertThat(rig.cons()).isEqualTo(35 & 31);
        assertThat(rig.entries(SmmuEntry.SyncDone.class)).extracting(SmmuEntry.SyncDone::index)
                .containsExactly(6, 13, 20, 27, 34 & 31);
    }

    @Test
    void a_full_queue_is_executed_to_the_end() {
        rig.append(Collections.nCopies(16, CFGI).toArray(Command[]::new));
        rig.publish();
        assertThat(rig.read(Reg.CMDQ_PROD)).isEqualTo(16);

        rig.settle();

        assertThat(rig.cons()).isEqualTo(16);
    }

    @Test
    void indices_that_contradict_each_other_stop_the_engine() {
        rig.issue(CFGI, CFGI, CFGI, CFGI, CFGI);
        rig.write(Reg.CMDQ_PROD, 2);

        assertThat(rig.can(Rig.CMDQ_STRAND)).isFalse();
    }

    /**
     * Vectors A11, K11, K17, K26 and their like: sizes, ranges, SSec, CS=3, codes and features that are not
     * there.
     */
    @ParameterizedTest
    @CsvSource({
        "0007000000000012, 12345401", "0000010000000403, 1", "0000000000003046, 0", "0, 0", "ff, 0", "80, 0",
        "18, 0", "50, 0", "20, 0", "0000000500000028, 0", "000000050000002A, 80000001", "7, 0", "70, 0",
        "0000010000003841, 2005", "0000010000003841, 3005",
        "0000010000000040, 35"})
    void illegal_commands_stop_the_queue(String w0, String w1) {
        rig.issue(CFGI);
        rig.put(Rig.CMDQ + 16, Long.parseUnsignedLong(w0, 16), Long.parseUnsignedLong(w1, 16));
        rig.write(Reg.CMDQ_PROD, 2);
        rig.settle();

        assertThat(rig.cons()).isEqualTo(1);
        assertThat(rig.error()).isEqualTo(CmdError.ILL.code());
        assertThat(rig.stopped()).isTrue();
    }

    @Test
    void commands_for_stalls_need_a_stall_model() {
        Rig terminates = Rig.on(p -> p.with(Idr0.STALL_MODEL, 1));
        terminates.issue(new Command.StallTerm(Rig.SID));

        assertThat(terminates.error()).isEqualTo(CmdError.ILL.code());
        rig.issue(new Command.StallTerm(Rig.SID));
        assertThat(rig.stopped()).isFalse();
    }

    @Test
    void an_smmu_without_ats_has_no_atc_inv() {
        Rig without = Rig.on(p -> p.with(Idr0.ATS, 0));
        without.issue(Rig.atcInv(Rig.SID, 0, 0));

        assertThat(without.error()).isEqualTo(CmdError.ILL.code());
    }

    @Test
    void reserved_bits_are_ignored_or_illegal_as_the_parameter_says() {
        long dirty = new Command.CfgiSte(Rig.SID, true).w0() | 1L << 20;
        rig.put(Rig.CMDQ, dirty, 1);
        rig.write(Reg.CMDQ_PROD, 1);
        rig.settle();

        Rig strict = Rig.on(p -> p.with(ReservedBits.ILL));
        strict.put(Rig.CMDQ, dirty, 1);
        strict.write(Reg.CMDQ_PROD, 1);
        strict.settle();

        assertThat(rig.cons()).isEqualTo(1);
        assertThat(strict.cons()).isZero();
        assertThat(strict.error()).isEqualTo(CmdError.ILL.code());
    }

    @Test
    void after_an_error_nothing_happens_until_the_acknowledgement_then_cons_is_fetched_again() {
        rig.put(Rig.CMDQ, 0xff, 0);
        rig.write(Reg.CMDQ_PROD, 1);
        rig.settle();
        rig.write(Reg.CMDQ_PROD, 2);
        rig.put(Rig.CMDQ, SYNC.w0(), 0, SYNC.w0(), 0);

        assertThat(rig.can(Rig.CMDQ_STRAND)).isFalse();

        rig.write(Reg.GERRORN, rig.read(Reg.GERROR));
        assertThat(rig.can(Rig.CMDQ_STRAND)).isTrue();

        rig.settle();
        assertThat(rig.cons()).isEqualTo(2);
        assertThat(rig.entries(SmmuEntry.SyncDone.class)).hasSize(2);
    }

    @Test
    void the_reason_is_readable_before_the_error_is_active() {
        rig.machine.log().listen(e -> {
            if (e instanceof SmmuEntry.CmdqError) {
                assertThat(rig.error()).isEqualTo(CmdError.ILL.code());
                assertThat(rig.stopped()).isFalse();
            }
        }, false);
        rig.put(Rig.CMDQ, 0xff, 0);
        rig.write(Reg.CMDQ_PROD, 1);
        rig.settle();

        assertThat(rig.entries(SmmuEntry.CmdqError.class))
                .containsExactly(new SmmuEntry.CmdqError(0x0100_0000, CmdError.ILL));
    }

    @Test
    void a_queue_where_there_is_no_memory_is_an_abort() {
        Rig nowhere = new Rig(p -> p.with(Idr5.OAS, 5));
        nowhere.queues();
        nowhere.write64(Reg.CMDQ_BASE, 1L << 40 | Rig.CMDQ_LOG2);
        nowhere.enable(Rig.CMDQEN);
        nowhere.write(Reg.CMDQ_PROD, 1);
        nowhere.settle();

        assertThat(nowhere.error()).isEqualTo(CmdError.ABT.code());
        assertThat(nowhere.cons()).isZero();
        assertThat(nowhere.stopped()).isTrue();
    }

    @Test
    void sync_with_a_message_writes_it_before_cons_moves() {
        long slot = Rig.CMDQ;
        rig.append(Command.Sync.msi(slot));
        rig.publish();

        rig.step(Rig.CMDQ_STRAND);
        assertThat(rig.ram.load32(slot)).isZero();
        assertThat(rig.ram.load(slot + 8)).isEqualTo(slot);
        assertThat(rig.cons()).isZero();

        rig.step(Rig.CMDQ_STRAND);
        assertThat(rig.cons()).isEqualTo(1);
        assertThat(rig.smmu.cmdqSyncIrq().pending()).isTrue();
    }

    @Test
    void sync_without_message_writes_nothing_and_interrupts_only_if_asked() {
        rig.issue(Command.Sync.SEV, new Command.Sync(Command.Cs.NONE, 0, 0, 5, 0x7000));
        assertThat(rig.ram.load(0x7000)).isZero();
        assertThat(rig.smmu.cmdqSyncIrq().pending()).isFalse();
        assertThat(rig.ram.load(Rig.CMDQ)).isEqualTo(Command.Sync.SEV.w0());

        rig.issue(new Command.Sync(Command.Cs.IRQ, 0, 0, 5, 0));
        assertThat(rig.smmu.cmdqSyncIrq().pending()).isTrue();
    }

    @Test
    void an_smmu_without_msi_sends_no_message() {
        Rig without = Rig.on(p -> p.with(Idr0.MSI, 0));
        without.issue(new Command.Sync(Command.Cs.IRQ, 0, 0, 5, 0x7000));

        assertThat(without.cons()).isEqualTo(1);
        assertThat(without.ram.load(0x7000)).isZero();
    }

    @Test
    void a_message_that_goes_nowhere_is_reported_and_the_sync_is_done() {
        rig.issue(Command.Sync.msi(1L << 40));

        assertThat(rig.read(Reg.GERROR)).isEqualTo(1 << 4);
        assertThat(rig.cons()).isEqualTo(1);
    }

    @Test
    void commands_after_a_sync_wait_for_it() {
        rig.issue(Rig.atcInv(Rig.SID, 0x5000, 0), SYNC, Rig.atcInv(Rig.OTHER, 0x5000, 0));

        assertThat(rig.cons()).isEqualTo(1);
        assertThat(rig.other.received).isEmpty();

        rig.function.answers(0);
        rig.settle();

        assertThat(rig.cons()).isEqualTo(3);
        assertThat(rig.other.received).hasSize(1);
    }

    @Test
    void a_sync_under_way_holds_up_the_switching_off_of_the_queue() {
        rig.issue(Rig.atcInv(Rig.SID, 0x5000, 0), SYNC);
        rig.enable(Rig.SMMUEN);
        assertThat(rig.read(Reg.CR0ACK)).isEqualTo(Rig.SMMUEN | Rig.CMDQEN);

        rig.function.answers(0);
        rig.settle();

        assertThat(rig.read(Reg.CR0ACK)).isEqualTo(Rig.SMMUEN);
        assertThat(rig.cons()).isEqualTo(2);
    }

    @Test
    void a_frozen_engine_stops_without_an_error() {
        Rig frozen = Rig.on(p -> p.withFreeze(2));
        frozen.issue(CFGI, SYNC, CFGI, SYNC);

        assertThat(frozen.cons()).isEqualTo(2);
        assertThat(frozen.stopped()).isFalse();
        assertThat(frozen.can(Rig.CMDQ_STRAND)).isFalse();
        assertThat(frozen.entries(SmmuEntry.Frozen.class)).hasSize(1);
    }

    @Test
    void it_can_freeze_at_any_time_even_within_a_sync() {
        rig.issue(CFGI);
        rig.smmu.freezeAfter(1);
        rig.issue(Rig.atcInv(Rig.SID, 0x5000, 0), SYNC);
        assertThat(rig.cons()).isEqualTo(2);

        Rig within = Rig.on();
        within.issue(Rig.atcInv(Rig.SID, 0x5000, 0), SYNC);
        within.smmu.freezeAfter(0);
        within.function.answers(0);
        within.settle();
        assertThat(within.cons()).isEqualTo(1);
        assertThat(within.entries(SmmuEntry.Frozen.class)).hasSize(1);
    }

    @Test
    void when_every_itag_is_taken_the_engine_waits_for_one() {
        for (int i = 0; i < 4; i++) {
            rig.issue(Collections.nCopies(8, Rig.atcInv(Rig.SID, 0x5000, 0)).toArray(Command[]::new));
        }
        assertThat(rig.smmu.outstanding(Rig.SID)).isEqualTo(32);
        rig.issue(Rig.atcInv(Rig.SID, 0x9000, 0), SYNC);
        assertThat(rig.cons()).isEqualTo(32 & 31);

        rig.function.answers(7);
        rig.settle();

        assertThat(rig.cons()).isEqualTo(33 & 31);
        assertThat(rig.function.received).hasSize(33);
    }

    @Test
    void while_the_smmu_is_off_atc_inv_is_ignored() {
        rig.enable(Rig.CMDQEN);
        rig.issue(Rig.atcInv(Rig.SID, 0x5000, 0), SYNC);

        assertThat(rig.cons()).isEqualTo(2);
        assertThat(rig.function.received).isEmpty();
    }

    @Test
    void an_atc_inv_to_a_stream_without_function_is_not_modelled() {
        assertThatThrownBy(() -> rig.issue(Rig.atcInv(0x1ff, 0, 0))).isInstanceOf(Unmodelled.class);
    }
}
