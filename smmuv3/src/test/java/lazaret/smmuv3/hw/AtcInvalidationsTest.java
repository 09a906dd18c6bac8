// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import static lazaret.smmuv3.hw.Rig.SYNC;
import static lazaret.smmuv3.hw.SmmuParams.AtcReport.NEVER_COMPLETES;
import static lazaret.smmuv3.hw.SmmuParams.AtcReport.REPORT_WHILE_PENDING;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import lazaret.pcie.DownTlp;
import lazaret.pcie.Pasid;
import lazaret.pcie.Tlp;
import lazaret.smmuv3.CmdError;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Idr0;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.hw.SmmuParams.Absent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From CMD_ATC_INV to the CMD_SYNC that is sure of it, or told that it cannot be. */
class AtcInvalidationsTest {
    private static final int ATC_INV_SYNC = CmdError.ATC_INV_SYNC.code();

    private final Rig rig = Rig.on();

    private void failed(Rig it, int cons) {
        assertThat(it.stopped()).isTrue();
        assertThat(it.error()).isEqualTo(ATC_INV_SYNC);
        assertThat(it.cons()).isEqualTo(cons);
    }

    private void done(Rig it, int cons) {
        assertThat(it.stopped()).isFalse();
        assertThat(it.cons()).isEqualTo(cons);
    }

    /** Vectors A1 to A9: command words and request body. */
    @ParameterizedTest
    @CsvSource({
        "12345000, 12345000", "8002, 9800", "200009, 2FF800", "A, 1FF800", "34, 7FFFFFFFFFFFF800",
        "123456788001, 123456788800", "123456789003, 12345678B800", "123456789012, 12345FFFF800"})
    void a_command_becomes_a_request(String w1, String body) {
        rig.put(Rig.CMDQ, 0x0000_0100_0000_0040L, Long.parseUnsignedLong(w1, 16));
        rig.write(Reg.CMDQ_PROD, 1);
        rig.settle();

        assertThat(rig.function.received).containsExactly(
                new DownTlp.InvalidateRequest(0, Pasid.NONE, false, Long.parseUnsignedLong(body, 16)));
    }

    @Test
    void a_pasid_and_the_global_bit_go_along() {
        rig.put(Rig.CMDQ, 0x0000_0100_0000_3A40L, 0x5000);
        rig.write(Reg.CMDQ_PROD, 1);
        rig.settle();

        assertThat(rig.function.last()).isEqualTo(new DownTlp.InvalidateRequest(0, 3, true, 0x5000));
    }

    @Test
    void a_sync_waits_for_all_requests_and_each_has_its_own_itag() {
        rig.issue(Rig.atcInv(Rig.SID, 0x5000, 0), Rig.atcInv(Rig.SID, 0x6000, 0),
                Rig.atcInv(Rig.OTHER, 0, 52), SYNC);
        assertThat(rig.function.received).extracting(t -> ((DownTlp.InvalidateRequest) t).itag())
                .containsExactly(0, 1);
        assertThat(rig.smmu.outstanding(Rig.SID)).isEqualTo(2);
        assertThat(rig.smmu.outstanding(Rig.OTHER)).isEqualTo(1);

        rig.function.answers(0, 1);
        rig.settle();
        assertThat(rig.cons()).isEqualTo(3);

        rig.other.answers(0);
        rig.settle();
        done(rig, 4);
        assertThat(rig.entries(SmmuEntry.AtcInvAnswered.class)).hasSize(3);
    }

    @Test
    void an_answer_counts_when_the_writes_before_it_have_landed() {
        rig.issue(Rig.atcInv(Rig.SID, 0x5000, 0), SYNC);
        rig.function.writesTranslated(Rig.PA, 1);
        rig.function.answers(0);
        assertThat(rig.can(Rig.ANSWERS)).isFalse();

        rig.run(Rig.PORT);
        rig.step(Rig.ANSWERS);
        assertThat(rig.can(Rig.ANSWERS)).isFalse();
        assertThat(rig.can(Rig.CMDQ_STRAND)).isFalse();

        rig.step(Rig.LANDING);
        assertThat(rig.ram.load(Rig.PA)).isEqualTo(1);
        assertThat(rig.can(Rig.CMDQ_STRAND)).isFalse();

        rig.step(Rig.ANSWERS);
        assertThat(rig.can(Rig.CMDQ_STRAND)).isTrue();
    }

    @Test
    void what_was_sent_after_an_answer_may_be_checked_before_that_arrives_but_lands_after_it() {
        rig.issue(Rig.atcInv(Rig.SID, 0x5000, 0), SYNC);
        rig.function.answers(0);
        rig.function.writesTranslated(Rig.PA, 1);
        assertThat(rig.can(Rig.PORT)).isFalse();

        rig.step(Rig.ANSWERS);
        rig.run(Rig.PORT);
        assertThat(rig.can(Rig.LANDING)).isFalse();

        rig.step(Rig.ANSWERS);
        rig.step(Rig.LANDING);
        assertThat(rig.ram.load(Rig.PA)).isEqualTo(1);
    }

    @Test
    void as_many_completions_are_collected_as_they_say() {
        rig.issue(Rig.atcInv(Rig.SID, 0x5000, 0), SYNC);
        rig.function.port.send(new Tlp.InvalidateCompletion(Rig.SID, 1, 2));
        rig.settle();
        assertThat(rig.smmu.outstanding(Rig.SID)).isEqualTo(1);

        rig.function.port.send(new Tlp.InvalidateCompletion(Rig.SID, 1, 2));
        rig.settle();
        done(rig, 2);
    }

    @Test
    void a_count_of_zero_means_eight() {
        rig.issue(Rig.atcInv(Rig.SID, 0x5000, 0), SYNC);
        for (int i = 0; i < 8; i++) {
            assertThat(rig.smmu.outstanding(Rig.SID)).isEqualTo(1);
            rig.function.port.send(new Tlp.InvalidateCompletion(Rig.SID, 1, 0));
            rig.settle();
        }
        done(rig, 2);
    }

    /** Fault E7. */
    @Test
    void completions_that_contradict_each_other_never_complete() {
        rig.issue(Rig.atcInv(Rig.SID, 0x5000, 0), SYNC);
        rig.function.port.send(new Tlp.InvalidateCompletion(Rig.SID, 1, 3));
        rig.function.port.send(new Tlp.InvalidateCompletion(Rig.SID, 1, 1));
        rig.settle();
        assertThat(rig.smmu.outstanding(Rig.SID)).isEqualTo(1);

        rig.wait(1);
        failed(rig, 1);
    }

    /** Vector T9. */
    @Test
    void silence_ends_in_an_error_at_the_sync_after_the_time_out_and_no_message_is_written() {
        Command.Sync msi = new Command.Sync(Command.Cs.IRQ, 3, 0xf, 0x55, 0x7000);
        rig.issue(new Command.TlbiNhAsid(0, 7), SYNC, Rig.atcInv(Rig.SID, Rig.PAGE, 0), msi);
        assertThat(rig.cons()).isEqualTo(3);
        assertThat(rig.stopped()).isFalse();

        rig.wait(1);

        assertThat(rig.machine.clock().now()).isEqualTo(100_000);
        failed(rig, 3);
        assertThat(rig.read(Reg.CMDQ_CONS)).isEqualTo(0x0300_0003);
        assertThat(rig.ram.load(0x7000)).isZero();
        assertThat(rig.smmu.cmdqSyncIrq().pending()).isFalse();
        assertThat(rig.smmu.outstanding(Rig.SID)).isZero();
        assertThat(rig.entries(SmmuEntry.AtcInvTimedOut.class)).containsExactly(
                new SmmuEntry.AtcInvTimedOut(Rig.SID, 0));
        assertThat(rig.entries(SmmuEntry.CmdqError.class)).containsExactly(
                new SmmuEntry.CmdqError(0x0300_0003, CmdError.ATC_INV_SYNC));
    }

    /** Vector T10. */
    @Test
    void reported_once_the_same_sync_succeeds_after_the_acknowledgement() {
        rig.issue(Rig.atcInv(Rig.SID, Rig.PAGE, 0), SYNC);
        rig.wait(1);
        failed(rig, 1);

        rig.acknowledge();
        done(rig, 2);
        assertThat(rig.entries(SmmuEntry.SyncDone.class)).containsExactly(new SmmuEntry.SyncDone(1));
    }

    @Test
    void without_a_sync_the_next_one_is_told_whoever_sends_it() {
        rig.issue(Rig.atcInv(Rig.SID, Rig.PAGE, 0));
        rig.wait(1);
        assertThat(rig.stopped()).isFalse();

        rig.issue(new Command.CfgiSte(Rig.OTHER, true), SYNC);
        failed(rig, 2);
    }

    /** Vector T12. */
    @Test
    void who_is_to_blame_is_found_by_sending_again_one_at_a_time() {
        rig.issue(Rig.atcInv(Rig.OTHER, 0x5000, 0), Rig.atcInv(Rig.SID, 0x5000, 0), SYNC);
        rig.other.answers(0);
        rig.settle();
        rig.wait(1);
        failed(rig, 2);
        rig.acknowledge();
        done(rig, 3);

        rig.issue(Rig.atcInv(Rig.OTHER, 0x5000, 0), SYNC);
        rig.other.answers(0);
        rig.settle();
        done(rig, 5);

        rig.issue(Rig.atcInv(Rig.SID, 0x5000, 0), SYNC);
        rig.wait(1);
        failed(rig, 6);
    }

    @Test
    void a_sync_that_failed_waits_for_the_others_when_it_is_tried_again() {
        rig.issue(Rig.atcInv(Rig.SID, 0x5000, 0));
        rig.machine.clock().alarm("later").arm(10);
        rig.wait(1);
        rig.issue(Rig.atcInv(Rig.OTHER, 0x5000, 0), SYNC);
        rig.wait(1);
        failed(rig, 2);

        rig.acknowledge();
        assertThat(rig.cons()).isEqualTo(2);
        assertThat(rig.smmu.outstanding(Rig.OTHER)).isEqualTo(1);

        rig.other.answers(0);
        rig.settle();
        done(rig, 3);
    }

    @Test
    void reported_while_pending_every_sync_fails_until_the_function_answers() {
        Rig pending = Rig.on(p -> p.with(REPORT_WHILE_PENDING));
        pending.issue(Rig.atcInv(Rig.SID, 0x5000, 0), SYNC);
        pending.wait(1);
        failed(pending, 1);

        pending.acknowledge();
        failed(pending, 1);

        pending.function.answers(0);
        pending.settle();
        pending.acknowledge();
        done(pending, 2);
        assertThat(pending.entries(SmmuEntry.AtcInvLate.class)).hasSize(1);
        assertThat(pending.entries(SmmuEntry.AtcInvAnswered.class)).isEmpty();
    }

    @Test
    void or_until_it_is_reset() {
        Rig pending = Rig.on(p -> p.with(REPORT_WHILE_PENDING));
        pending.issue(Rig.atcInv(Rig.SID, 0x5000, 0), SYNC);
        pending.wait(1);
        pending.acknowledge();
        failed(pending, 1);

        pending.smmu.functionReset(Rig.SID);
        pending.acknowledge();
        done(pending, 2);
    }

    @Test
    void an_answer_after_the_time_out_and_before_any_sync_does_not_hide_it() {
        Rig pending = Rig.on(p -> p.with(REPORT_WHILE_PENDING));
        pending.issue(Rig.atcInv(Rig.SID, 0x5000, 0));
        pending.wait(1);
        pending.function.answers(0);
        pending.settle();
        pending.issue(SYNC);
        failed(pending, 1);

        pending.acknowledge();
        done(pending, 2);
    }

    @Test
    void an_smmu_that_cannot_report_never_completes_the_sync() {
        Rig mute = Rig.on(p -> p.with(NEVER_COMPLETES));
        mute.issue(Rig.atcInv(Rig.SID, 0x5000, 0), SYNC);
        mute.wait(1);
        assertThat(mute.machine.clock().ahead()).isFalse();
        done(mute, 1);

        mute.function.answers(0);
        mute.smmu.functionReset(Rig.SID);
        mute.settle();
        done(mute, 1);
    }

    /** Fault E3. */
    @Test
    void a_late_answer_to_nothing_is_ignored() {
        rig.issue(Rig.atcInv(Rig.SID, 0x5000, 0), SYNC);
        rig.wait(1);
        rig.acknowledge();
        rig.function.answers(0);
        rig.settle();

        assertThat(rig.entries(SmmuEntry.AtcInvUnexpected.class)).containsExactly(
                new SmmuEntry.AtcInvUnexpected(Rig.SID, 0));
    }

    /** Fault E4. */
    @Test
    void a_late_answer_ends_the_newer_request_with_the_same_itag() {
        rig.issue(Rig.atcInv(Rig.SID, 0x5000, 0), SYNC);
        rig.wait(1);
        rig.acknowledge();
        rig.issue(Rig.atcInv(Rig.SID, 0x6000, 0), SYNC);
        assertThat(rig.cons()).isEqualTo(3);

        rig.function.answers(0);                                // the first one, at last
        rig.settle();
        done(rig, 4);
    }

    @Test
    void an_answer_for_another_functions_request_does_not_count() {
        rig.issue(Rig.atcInv(Rig.SID, 0x5000, 0), SYNC);
        rig.other.answers(0);
        rig.settle();

        assertThat(rig.smmu.outstanding(Rig.SID)).isEqualTo(1);
        assertThat(rig.entries(SmmuEntry.AtcInvUnexpected.class)).hasSize(1);
    }

    /** Vector T15. */
    @Test
    void a_request_to_a_function_that_is_gone_is_silence_or_unsupported_as_the_root_is() {
        rig.function.listening = false;
        rig.issue(Rig.atcInv(Rig.SID, 0x5000, 0), SYNC);
        rig.wait(1);
        failed(rig, 1);

        Rig knows = Rig.on(p -> p.with(Absent.UNSUPPORTED));
        knows.function.listening = false;
        knows.issue(Rig.atcInv(Rig.SID, 0x5000, 0), SYNC);
        done(knows, 2);
        assertThat(knows.entries(SmmuEntry.AtcInvUnsupported.class)).hasSize(1);
        assertThat(knows.function.received).isEmpty();
    }

    @Test
    void requests_have_their_own_deadlines_and_time_goes_to_the_earliest() {
        rig.issue(Rig.atcInv(Rig.SID, 0x5000, 0));
        rig.machine.clock().alarm("later").arm(40_000);
        rig.wait(1);
        rig.issue(Rig.atcInv(Rig.SID, 0x6000, 0));
        rig.wait(1);
        assertThat(rig.machine.clock().now()).isEqualTo(100_000);
        assertThat(rig.smmu.outstanding(Rig.SID)).isEqualTo(1);

        rig.wait(1);
        assertThat(rig.machine.clock().now()).isEqualTo(140_000);
        assertThat(rig.smmu.outstanding(Rig.SID)).isZero();
    }

    @Test
    void an_answer_in_time_stops_the_clock() {
        rig.issue(Rig.atcInv(Rig.SID, 0x5000, 0), SYNC);
        rig.function.answers(0);
        rig.settle();

        assertThat(rig.machine.clock().ahead()).isFalse();
    }

    @Test
    void each_request_is_given_up_in_a_step_of_its_own() {
        rig.issue(Rig.atcInv(Rig.SID, 0x5000, 0), Rig.atcInv(Rig.SID, 0x6000, 0),
                Rig.atcInv(Rig.OTHER, 0, 0));
        rig.machine.clock().step();
        rig.step("smmu atc-timeout");
        assertThat(rig.smmu.outstanding(Rig.SID)).isEqualTo(1);

        rig.step("smmu atc-timeout");
        rig.step("smmu atc-timeout");
        assertThat(rig.smmu.outstanding(Rig.OTHER)).isZero();
        assertThat(rig.can("smmu atc-timeout")).isFalse();
    }

    @Test
    void more_requests_than_itags_to_a_dead_function_do_not_stop_the_queue_for_ever() {
        for (int i = 0; i < 3; i++) {
            rig.issue(Collections.nCopies(11, Rig.atcInv(Rig.SID, 0, 0)).toArray(Command[]::new));
        }
        assertThat(rig.cons()).isEqualTo(32 & 31);
        rig.wait(1);
        assertThat(rig.cons()).isEqualTo(33 & 31);

        rig.issue(SYNC);
        failed(rig, 33 & 31);
        rig.acknowledge();
        rig.wait(1);
        failed(rig, 33 & 31);
        rig.acknowledge();
        done(rig, 34 & 31);
    }

    @Test
    void the_usual_smmu_has_ats() {
        assertThat(SmmuParams.USUAL.has(Idr0.ATS)).isTrue();
    }
}
