// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import static lazaret.pcie.hw.EndpointFaults.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import lazaret.machine.Machine;
import lazaret.pcie.At;
import lazaret.pcie.Bdf;
import lazaret.pcie.Config;
import lazaret.pcie.Config.ExpressCap;
import lazaret.pcie.CplStatus;
import lazaret.pcie.DownTlp;
import lazaret.pcie.Pasid;
import lazaret.pcie.PcieEntry;
import lazaret.pcie.Tlp;
import lazaret.pcie.hw.EndpointFaults.Answers;
import lazaret.pcie.hw.EndpointFaults.Defect;
import lazaret.pcie.hw.EndpointFaults.Flr;
import org.junit.jupiter.api.Test;

class EndpointTest {
    private static final long FLR_US = EndpointParams.FLR_US;

    @Test
    void by_default_it_is_named_like_its_place() {
        var endpoint = new Endpoint(new Machine(), Bdf.parse("02:03.1"), NONE);

        assertThat(endpoint.name()).isEqualTo("02:03.1");
        assertThat(endpoint.rid()).isEqualTo(0x219);
        assertThat(endpoint.listening()).isTrue();
    }

    @Test
    void a_reset_takes_its_time_and_then_all_is_as_new() {
        var rig = new Rig();
        Program program = rig.nic.program().write(0x1000, 1);
        rig.cache(0x1000, 0x7000);
        rig.flr();

        assertThat(rig.nic.listening()).isTrue();
        assertThat(rig.nic.config().read32(Config.VENDOR_ID)).isEqualTo(-1);
        assertThat(rig.holds(0x1000)).isFalse();
        rig.pass(FLR_US - 1);
        assertThat(rig.nic.config().read32(Config.VENDOR_ID)).isEqualTo(-1);
        rig.pass(1);
        assertThat(rig.nic.config().read32(Config.VENDOR_ID)).isNotEqualTo(-1);
        assertThat(rig.nic.atsEnabled()).isFalse();
        program.ring();
        rig.settle();
        assertThat(program.skipped()).isEqualTo(1);
        assertThat(rig.log).contains(new PcieEntry.FunctionReset(0x100, false),
                new PcieEntry.FunctionReset(0x100, true));
    }

    @Test
    void a_program_cut_short_by_a_reset_starts_from_its_beginning() {
        var rig = new Rig();
        Program program = rig.nic.program().untranslated().write(0x1000, 1).write(0x1000, 2);
        program.ring();
        rig.step("dma");
        rig.flr();
        rig.pass(FLR_US);
        assertThat(program.idle()).isTrue();
        assertThat(program.skipped()).isZero();
        rig.busMaster(true);
        rig.root.clear();
        program.ring();
        rig.settle();
        assertThat(rig.root.take(Tlp.MemWrite.class).data()).isEqualTo(1);
    }

    @Test
    void what_is_written_during_a_reset_is_lost() {
        var rig = new Rig();
        rig.flr();
        rig.busMaster(true);
        rig.pass(FLR_US);
        assertThat(rig.nic.config().read16(Config.COMMAND)).isZero();
    }

    @Test
    void the_end_of_a_reset_is_prompt() {
        var rig = new Rig();
        rig.flr();
        var later = rig.machine.clock().alarm("later");
        later.arm(FLR_US + 1);
        rig.machine.clock().step();
        assertThat(rig.enabled("ats")).isTrue();
        assertThat(rig.machine.clock().enabled()).isFalse();
    }

    @Test
    void a_reset_gives_up_requests_and_discards_their_answers_when_they_come() {
        var rig = new Rig();
        Program program = rig.nic.program().untranslated().read(0x1000);
        program.ring();
        rig.settle();
        var old = rig.root.take(Tlp.MemRead.class);
        assertThat(pending(rig)).isTrue();
        rig.flr();
        rig.nic.receive(new DownTlp.ReadCompletion(CplStatus.SC, old.tag(), 1));
        rig.pass(FLR_US);
        assertThat(pending(rig)).isFalse();
        assertThat(program.done()).isZero();

        rig.busMaster(true);
        program.ring();
        rig.settle();
        var fresh = rig.root.take(Tlp.MemRead.class);
        rig.nic.receive(new DownTlp.ReadCompletion(CplStatus.SC, old.tag(), 1));
        assertThat(rig.nic.awaitsCompletion()).isTrue();
        rig.nic.receive(new DownTlp.ReadCompletion(CplStatus.SC, fresh.tag(), 2));
        rig.settle();
        assertThat(program.lastRead()).isEqualTo(2);
    }

    @Test
    void invalidations_that_meet_a_reset_are_answered_or_vanish_as_it_is_made() {
        for (Flr flr : Flr.values()) {
            var rig = new Rig(NONE.flr(flr));
            rig.invalidate(0, 0x1000);
            rig.flr();
            rig.invalidate(1, 0x1000);
            rig.settle();
            boolean answers = flr == Flr.OK || flr == Flr.KEEPS_ATC;
            assertThat(rig.root.isEmpty()).as(flr.name()).isEqualTo(!answers);
            rig.root.clear();
            rig.pass(FLR_US);
            assertThat(rig.root.isEmpty()).isTrue();
        }
    }

    @Test
    void a_request_half_done_when_the_reset_came_leaves_no_trace() {
        var rig = new Rig(NONE.flr(Flr.SILENT_DURING));
        rig.invalidate(0, 0x1000);
        rig.step("ats");
        rig.flr();
        rig.pass(FLR_US);
        rig.ats(true);
        rig.cache(0x1000, 0x7000);
        rig.invalidate(1, 0x1000);
        rig.settle();
        assertThat(rig.holds(0x1000)).isFalse();
        assertThat(rig.root.take(Tlp.InvalidateCompletion.class).itagVector()).isEqualTo(2);
    }

    @Test
    void a_reset_makes_late_answers_due() {
        var rig = new Rig(NONE.answersLate(10 * FLR_US));
        rig.invalidate(0, 0x1000);
        rig.flr();
        rig.settle();
        assertThat(rig.root.take()).isInstanceOf(Tlp.InvalidateCompletion.class);
    }

    @Test
    void one_that_fails_its_reset_never_comes_back() {
        var rig = new Rig(NONE.flr(Flr.NEVER_READY));
        rig.flr();
        rig.pass(60_000_000);
        assertThat(rig.nic.config().read32(Config.COMMAND)).isEqualTo(-1);
        rig.busMaster(true);
        rig.invalidate(0, 0x1000);
        rig.settle();
        assertThat(rig.root.isEmpty()).isTrue();
        assertThat(rig.nic.maySend()).isFalse();
    }

    @Test
    void one_that_keeps_its_atc_over_a_reset_uses_it_as_soon_as_ats_is_restored() {
        var rig = new Rig(NONE.flr(Flr.KEEPS_ATC));
        Program program = rig.nic.program().write(0x1008, 1);
        rig.cache(0x1000, 0x7000);
        rig.flr();
        rig.pass(FLR_US);
        rig.busMaster(true);
        rig.ats(true);
        program.ring();
        rig.settle();
        assertThat(rig.root.take(Tlp.MemWrite.class).at()).isEqualTo(At.TRANSLATED);
    }

    @Test
    void enabling_ats_starts_with_an_empty_cache() {
        var rig = new Rig();
        rig.ats(false);
        rig.cache(0x1000, 0x7000);
        rig.ats(true);
        assertThat(rig.holds(0x1000)).isFalse();
        rig.cache(0x1000, 0x7000);
        rig.ats(false);
        assertThat(rig.holds(0x1000)).isFalse();
    }

    @Test
    void a_reset_cures_all_but_what_concerns_resets() {
        var rig = new Rig(NONE.neverAnswersAtcInv().ackWithoutInvalidate().diesAt(0).flr(Flr.KEEPS_ATC));
        rig.nic.die();
        rig.flr();
        rig.pass(FLR_US);
        assertThat(rig.nic.alive()).isTrue();
        assertThat(rig.nic.faults()).isEqualTo(NONE.flr(Flr.KEEPS_ATC));
        rig.invalidate(0, 0x1000);
        rig.settle();
        assertThat(rig.root.take()).isInstanceOf(Tlp.InvalidateCompletion.class);
    }

    @Test
    void the_incurable_stay_as_they_are() {
        var faults = NONE.neverAnswersAtcInv().incurable();
        var rig = new Rig(faults);
        rig.nic.die();
        rig.flr();
        rig.pass(FLR_US);
        assertThat(rig.nic.alive()).isFalse();
        assertThat(rig.nic.ready()).isTrue();
        assertThat(rig.nic.faults()).isEqualTo(faults);
    }

    @Test
    void the_dead_neither_send_nor_answer_but_have_a_link_and_a_configuration_space() {
        var rig = new Rig();
        Program program = rig.nic.program().untranslated().read(0x1000);
        program.ring();
        rig.settle();
        rig.root.clear();
        rig.invalidate(0, 0x1000);
        rig.nic.die();
        rig.invalidate(1, 0x1000);
        program.ring();
        rig.settle();
        assertThat(rig.root.isEmpty()).isTrue();
        assertThat(rig.nic.listening()).isTrue();
        assertThat(rig.nic.config().read32(Config.VENDOR_ID)).isNotEqualTo(-1);
        assertThat(rig.logged("discards InvalidateRequest")).isTrue();
    }

    @Test
    void what_death_left_undone_stays_undone_after_a_reset() {
        var rig = new Rig();
        Program program = rig.nic.program().untranslated().write(0x1000, 1);
        program.ring();
        rig.invalidate(0, 0x1000);
        rig.nic.die();
        assertThat(program.idle()).isTrue();
        rig.flr();
        rig.pass(FLR_US);
        assertThat(rig.nic.alive()).isTrue();
        assertThat(rig.root.isEmpty()).isTrue();
    }

    @Test
    void the_removed_are_silent_and_read_as_ones() {
        var rig = new Rig();
        Program program = rig.nic.program().write(0x1000, 1);
        rig.cache(0x1000, 0x7000);
        program.ring();
        rig.step("dma");
        rig.invalidate(0, 0x1000);
        rig.nic.remove();
        rig.invalidate(1, 0x1000);
        rig.nic.receive(new DownTlp.PrgResponse(0, 0, Pasid.NONE));
        rig.busMaster(true);
        program.ring();
        rig.settle();

        assertThat(rig.root.isEmpty()).isTrue();
        assertThat(rig.nic.listening()).isFalse();
        assertThat(rig.nic.config().read32(Config.VENDOR_ID)).isEqualTo(-1);
        assertThat(rig.nic.config().read16(Config.COMMAND)).isEqualTo(0xffff);
        assertThat(rig.log).contains(new PcieEntry.Removed(0x100));
        assertThat(rig.logged("discards PrgResponse[prgIndex=0, code=0, pasid=-1]: nobody there")).isTrue();
    }

    @Test
    void removed_in_a_reset_it_does_not_come_back() {
        var rig = new Rig();
        rig.flr();
        rig.nic.remove();
        rig.pass(2 * FLR_US);
        assertThat(rig.nic.ready()).isFalse();
        assertThat(rig.log).doesNotContain(new PcieEntry.FunctionReset(0x100, true));
    }

    @Test
    void its_root_learns_when_a_reset_is_over_and_not_before() {
        var rig = new Rig();
        rig.flr();
        rig.settle();
        assertThat(rig.root.resets()).isZero();
        rig.pass(FLR_US);
        assertThat(rig.root.resets()).isEqualTo(1);
    }

    @Test
    void mended_it_is_out_of_the_reset_that_hung_and_answers() {
        var rig = new Rig(NONE.neverAnswersAtcInv().flr(Flr.NEVER_READY));
        rig.flr();
        rig.pass(2 * FLR_US);
        assertThat(rig.nic.ready()).isFalse();
        rig.nic.mend();

        assertThat(rig.nic.ready()).isTrue();
        rig.invalidate(0, 0x1000);
        rig.settle();
        assertThat(rig.root.isEmpty()).isFalse();
    }

    @Test
    void mended_it_is_alive_again() {
        var rig = new Rig();
        rig.nic.die();
        rig.nic.mend();
        assertThat(rig.nic.alive()).isTrue();
    }

    @Test
    void in_a_reset_operations_are_skipped() {
        var rig = new Rig();
        Program program = rig.nic.program().write(0x1000, 1);
        rig.flr();
        program.ring();
        rig.settle();
        assertThat(program.skipped()).isEqualTo(1);
        assertThat(rig.logged("in reset")).isTrue();
    }

    @Test
    void a_whole_endpoint_rolls_back() {
        var rig = new Rig();
        Program program = rig.nic.program().write(0x1008, 1).read(0x2000).repeat(2);
        rig.cache(0x1000, 0x7000);
        rig.machine.undo().mark();
        String first = story(rig, program);
        rig.machine.undo().rollback();

        assertThat(rig.nic.alive()).isTrue();
        assertThat(rig.nic.ready()).isTrue();
        assertThat(rig.nic.faults()).isEqualTo(NONE);
        assertThat(rig.holds(0x1000)).isTrue();
        assertThat(program.idle()).isTrue();
        assertThat(story(rig, program)).isEqualTo(first);
    }

    /** A life with everything in it; returns what was logged. */
    private static String story(Rig rig, Program program) {
        rig.log.clear();
        rig.root.clear();
        program.ring();
        rig.step("dma");
        rig.invalidate(0, 0x1000);
        rig.settle();
        rig.root.clear();
        rig.nic.becomes(NONE.answersLate(5).postedWritesHeld(3));
        rig.invalidate(1, 0x2000);
        rig.machine.clock().step();
        rig.settle();
        rig.flr();
        rig.machine.clock().step();
        rig.settle();
        rig.busMaster(true);
        program.ring();
        rig.settle();
        rig.nic.die();
        rig.nic.remove();
        return String.join("\n", rig.log.stream().map(Object::toString).toList());
    }

    @Test
    void without_listeners_nothing_is_written_down() {
        var rig = new Rig();
        rig.machine.log().silence();
        story(rig, rig.nic.program().write(0x1008, 1).read(0x2000));
        assertThat(rig.log).isEmpty();
    }

    @Test
    void faults_say_what_they_are() {
        assertThat(NONE).hasToString("sound");
        var much = NONE.answersLate(150).flr(Flr.KEEPS_ATC).postedWritesHeld(EndpointFaults.HELD);
        assertThat(much.ackWithoutInvalidate())
                .hasToString("answers LATE, by 150 µs, FLR KEEPS_ATC, posted writes held until released, "
                        + "ACK_WITHOUT_INVALIDATE");
        assertThat(NONE.diesAt(3).incurable().silentWithAtsOff())
                .hasToString("dies at operation 3, incurable, silent with ATS off");
    }

    @Test
    void faults_are_kept_apart() {
        for (Defect defect : Defect.values()) {
            EndpointFaults one = NONE.with(defect);
            for (Defect other : Defect.values()) {
                assertThat(one.has(other)).isEqualTo(defect == other);
            }
        }
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.answers(Answers.LATE));
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.answersLate(0));
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.diesAt(-2));
        assertThatIllegalArgumentException().isThrownBy(() -> EndpointParams.USUAL.atcSlots(0));
    }

    private static boolean pending(Rig rig) {
        int status = rig.nic.config().read16(Rig.DEVCTL + ExpressCap.DEVSTA - ExpressCap.DEVCTL);
        return ExpressCap.TRPND.test(status);
    }
}
