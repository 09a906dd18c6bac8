// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import static lazaret.pcie.hw.EndpointFaults.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import lazaret.pcie.At;
import lazaret.pcie.AtsSpan;
import lazaret.pcie.DownTlp;
import lazaret.pcie.Pasid;
import lazaret.pcie.Tlp;
import lazaret.pcie.Tlp.InvalidateCompletion;
import lazaret.pcie.hw.EndpointFaults.Answers;
import lazaret.pcie.hw.EndpointFaults.Defect;
import org.junit.jupiter.api.Test;

/** The obligations of a translation cache, and how they can be broken. */
class AtsEngineTest {
    private static final int RID = 0x100;

    private final Rig rig = new Rig();
    private final Program program = rig.nic.program();

    @Test
    void it_drops_first_and_answers_a_step_later() {
        rig.cache(0x1000, 0x7000);
        rig.cache(0x2000, 0x8000);
        rig.invalidate(5, 0x1000);
        assertThat(rig.holds(0x1000)).isTrue();
        rig.step("ats");
        assertThat(rig.holds(0x1000)).isFalse();
        assertThat(rig.holds(0x2000)).isTrue();
        assertThat(rig.root.isEmpty()).isTrue();
        rig.step("ats");
        assertThat(rig.root.take()).isEqualTo(new InvalidateCompletion(RID, 1 << 5, 1));
        assertThat(rig.enabled("ats")).isFalse();
    }

    @Test
    void requests_are_answered_in_the_order_of_their_arrival() {
        for (int itag = 31; itag >= 0; itag--) {
            rig.invalidate(itag, 0x1000);
        }
        rig.settle();
        for (int itag = 31; itag >= 0; itag--) {
            assertThat(rig.root.take(InvalidateCompletion.class).itagVector()).isEqualTo(1 << itag);
        }
    }

    @Test
    void it_keeps_no_one_waiting_and_dma_keeps_no_deadline() {
        assertThat(rig.strand("ats").prompt()).isTrue();
        assertThat(rig.strand("dma").prompt()).isFalse();
        assertThat(rig.strand("fabric").prompt()).isFalse();
        assertThat(rig.strand("dma").lane()).isEqualTo("nic").isEqualTo(rig.strand("ats").lane());
    }

    @Test
    void a_write_that_was_translated_goes_out_before_the_answer() {
        rig.cache(0x1000, 0x7000);
        program.write(0x1008, 1).write(0x1010, 2).ring();
        rig.step("dma");
        rig.invalidate(0, 0x1000);
        rig.step("ats");
        rig.step("ats");
        rig.step("ats");

        assertThat(rig.root.take(Tlp.MemWrite.class).address()).isEqualTo(0x7008);
        assertThat(rig.root.take()).isInstanceOf(InvalidateCompletion.class);
        rig.step("dma");
        assertThat(rig.root.take()).isInstanceOf(Tlp.TranslationRequest.class);
    }

    @Test
    void a_translated_write_of_another_page_is_left_alone() {
        rig.cache(0x1000, 0x7000);
        program.write(0x1008, 1).ring();
        rig.step("dma");
        rig.invalidate(0, 0x2000);
        rig.step("ats");
        rig.step("ats");
        assertThat(rig.root.take()).isInstanceOf(InvalidateCompletion.class);
        assertThat(rig.holds(0x1000)).isTrue();
    }

    @Test
    void what_may_not_be_sent_does_not_hold_up_the_answer() {
        rig.cache(0x1000, 0x7000);
        program.write(0x1008, 1).ring();
        rig.step("dma");
        rig.busMaster(false);
        rig.invalidate(0, 0x1000);
        rig.settle();
        assertThat(rig.root.take()).isInstanceOf(InvalidateCompletion.class);
        assertThat(rig.root.isEmpty()).isTrue();
        assertThat(program.skipped()).isEqualTo(1);
    }

    @Test
    void the_answer_waits_for_reads_of_the_range() {
        rig.cache(0x1000, 0x7000);
        program.read(0x1008).ring();
        rig.settle();
        rig.invalidate(0, 0x1000);
        rig.step("ats");
        assertThat(rig.enabled("ats")).isFalse();

        rig.answerRead(1);
        rig.step("ats");
        assertThat(rig.root.take()).isInstanceOf(InvalidateCompletion.class);
    }

    @Test
    void a_read_that_was_translated_is_sent_and_then_waited_for() {
        rig.cache(0x1000, 0x7000);
        program.read(0x1008).ring();
        rig.step("dma");
        rig.invalidate(0, 0x1000);
        rig.step("ats");
        rig.step("ats");
        assertThat(rig.enabled("ats")).isFalse();
        rig.answerRead(1);
        rig.settle();
        assertThat(rig.root.take()).isInstanceOf(InvalidateCompletion.class);
        assertThat(program.lastRead()).isEqualTo(1);
    }

    @Test
    void disabling_ats_does_not_cut_the_wait_for_a_read_short() {
        rig.cache(0x1000, 0x7000);
        program.read(0x1008).ring();
        rig.settle();
        rig.invalidate(0, 0x1000);
        rig.step("ats");
        rig.ats(false);
        assertThat(rig.enabled("ats")).isFalse();
    }

    @Test
    void untranslated_reads_of_the_range_are_waited_for_too_and_others_are_not() {
        program.untranslated().read(0x1008).ring();
        rig.step("dma");
        rig.invalidate(0, 0x2000);
        rig.settle();
        assertThat(rig.root.take()).isInstanceOf(Tlp.MemRead.class);
        assertThat(rig.root.take()).isInstanceOf(InvalidateCompletion.class);
        rig.invalidate(0, 0x1000);
        rig.settle();
        assertThat(rig.root.isEmpty()).isTrue();
    }

    @Test
    void a_translation_that_the_request_crossed_is_discarded_and_asked_for_again() {
        program.write(0x1008, 1).ring();
        rig.step("dma");
        rig.invalidate(0, 0x1000);
        rig.settle();
        rig.translate(0x7000, Rig.RW);
        rig.step("dma");
        assertThat(rig.holds(0x1000)).isFalse();
        assertThat(rig.root.take()).isInstanceOf(InvalidateCompletion.class);
        rig.translate(0x9000, Rig.RW);
        rig.settle();
        assertThat(rig.root.take(Tlp.MemWrite.class).address()).isEqualTo(0x9008);
    }

    @Test
    void a_translation_that_had_arrived_but_was_not_taken_in_is_discarded_too() {
        program.write(0x1008, 1).ring();
        rig.step("dma");
        rig.translate(0x7000, Rig.RW);
        rig.invalidate(0, 0x1000);
        rig.step("ats");
        rig.step("dma");
        assertThat(rig.holds(0x1000)).isFalse();
        assertThat(rig.root.take()).isInstanceOf(Tlp.TranslationRequest.class);
    }

    @Test
    void a_translation_of_another_page_is_kept_although_a_request_crossed_it() {
        program.write(0x1008, 1).ring();
        rig.step("dma");
        rig.invalidate(0, 0x2000);
        rig.step("ats");
        rig.translate(0x7000, Rig.RW);
        rig.step("dma");
        assertThat(rig.holds(0x1000)).isTrue();
    }

    @Test
    void crossings_add_up() {
        program.write(0x1008, 1).ring();
        rig.step("dma");
        rig.invalidate(0, 0x1000);
        rig.invalidate(1, 0x2000);
        rig.settle();
        rig.translate(0x7000, Rig.RW);
        rig.step("dma");
        assertThat(rig.holds(0x1000)).isFalse();
    }

    @Test
    void page_zero_can_be_crossed_like_any_other() {
        program.write(0x8, 1).ring();
        rig.step("dma");
        rig.invalidate(0, 0);
        rig.step("ats");
        rig.translate(0x7000, Rig.RW);
        rig.step("dma");
        assertThat(rig.holds(0)).isFalse();
    }

    @Test
    void answers_are_messages_and_need_no_bus_mastering() {
        rig.busMaster(false);
        rig.invalidate(3, 0x1000);
        rig.settle();
        assertThat(rig.root.take(InvalidateCompletion.class).itagVector()).isEqualTo(8);
    }

    @Test
    void with_ats_off_it_answers_or_is_silent_as_it_is_made() {
        rig.ats(false);
        rig.invalidate(0, 0x1000);
        rig.settle();
        assertThat(rig.root.take()).isInstanceOf(InvalidateCompletion.class);

        rig.nic.becomes(NONE.silentWithAtsOff());
        rig.invalidate(0, 0x1000);
        rig.settle();
        assertThat(rig.root.isEmpty()).isTrue();
        rig.ats(true);
        rig.invalidate(0, 0x1000);
        rig.settle();
        assertThat(rig.root.take()).isInstanceOf(InvalidateCompletion.class);
    }

    @Test
    void one_that_never_answers_consumes_requests_and_goes_on_with_what_it_has() {
        rig.nic.becomes(NONE.neverAnswersAtcInv());
        rig.cache(0x1000, 0x7000);
        program.write(0x1008, 1).ring();
        for (int i = 0; i < 200; i++) {
            rig.invalidate(i % 32, 0x1000);
            rig.step("ats");
        }
        assertThat(rig.enabled("ats")).isFalse();
        rig.settle();
        assertThat(rig.root.take(Tlp.MemWrite.class).at()).isEqualTo(At.TRANSLATED);
        assertThat(rig.root.isEmpty()).isTrue();
    }

    @Test
    void a_late_one_answers_when_its_delay_is_over_and_uses_its_entries_until_then() {
        rig.nic.becomes(NONE.answersLate(150));
        rig.cache(0x1000, 0x7000);
        rig.invalidate(0, 0x1000);
        rig.pass(149);
        assertThat(rig.root.isEmpty()).isTrue();
        assertThat(rig.holds(0x1000)).isTrue();
        rig.pass(1);
        assertThat(rig.root.take()).isInstanceOf(InvalidateCompletion.class);
        assertThat(rig.holds(0x1000)).isFalse();
        assertThat(rig.machine.clock().now()).isEqualTo(150);
    }

    @Test
    void a_late_answer_can_meet_the_next_request_with_the_same_itag() {
        rig.nic.becomes(NONE.answersLate(150));
        rig.cache(0x2000, 0x8000);
        rig.invalidate(0, 0x1000);
        rig.pass(100);                              // the root gives up and uses the tag again
        rig.invalidate(0, 0x2000);
        rig.pass(50);

        assertThat(rig.root.take(InvalidateCompletion.class).itagVector()).isEqualTo(1);
        assertThat(rig.holds(0x2000)).as("what the answer seems to be about").isTrue();
        assertThat(rig.root.isEmpty()).isTrue();
        rig.pass(100);
        assertThat(rig.root.take(InvalidateCompletion.class).itagVector()).isEqualTo(1);
        assertThat(rig.holds(0x2000)).isFalse();
    }

    @Test
    void answered_without_invalidating_the_entry_stays_in_use() {
        rig.nic.becomes(NONE.ackWithoutInvalidate());
        rig.cache(0x1000, 0x7000);
        rig.invalidate(0, 0x1000);
        rig.settle();
        assertThat(rig.root.take()).isInstanceOf(InvalidateCompletion.class);
        program.write(0x1008, 1).ring();
        rig.settle();
        assertThat(rig.root.take(Tlp.MemWrite.class).at()).isEqualTo(At.TRANSLATED);
    }

    @Test
    void a_stale_translation_may_be_kept_by_a_broken_cache() {
        rig.nic.becomes(NONE.installsStaleCompletions());
        program.write(0x1008, 1).ring();
        rig.step("dma");
        rig.invalidate(0, 0x1000);
        rig.settle();
        rig.translate(0x7000, Rig.RW);
        rig.settle();
        assertThat(rig.root.take()).isInstanceOf(InvalidateCompletion.class);
        assertThat(rig.root.take(Tlp.MemWrite.class).address()).isEqualTo(0x7008);
        assertThat(rig.logged(", stale")).isTrue();
    }

    @Test
    void an_answer_may_overtake_the_write_it_should_push() {
        rig.nic.becomes(NONE.with(Defect.COMPLETION_OVERTAKES_WRITES));
        rig.cache(0x1000, 0x7000);
        program.write(0x1008, 1).ring();
        rig.step("dma");
        rig.invalidate(0, 0x1000);
        rig.step("ats");
        rig.step("ats");
        rig.step("dma");
        assertThat(rig.root.take()).isInstanceOf(InvalidateCompletion.class);
        assertThat(rig.root.take(Tlp.MemWrite.class).at()).isEqualTo(At.TRANSLATED);
    }

    @Test
    void answers_can_be_doubled_wrongly_tagged_or_too_few() {
        rig.nic.becomes(NONE.answers(Answers.TWICE));
        rig.invalidate(31, 0x1000);
        rig.settle();
        assertThat(rig.root.take()).isEqualTo(new InvalidateCompletion(RID, 1 << 31, 1));
        assertThat(rig.root.take()).isEqualTo(new InvalidateCompletion(RID, 1 << 31, 1));

        rig.nic.becomes(NONE.answers(Answers.WRONG_ITAG));
        rig.invalidate(31, 0x1000);
        rig.settle();
        assertThat(rig.root.take()).isEqualTo(new InvalidateCompletion(RID, 1, 1));

        rig.nic.becomes(NONE.answers(Answers.TOO_FEW));
        rig.invalidate(31, 0x1000);
        rig.settle();
        assertThat(rig.root.take()).isEqualTo(new InvalidateCompletion(RID, 1 << 31, 2));
        assertThat(rig.root.isEmpty()).isTrue();
    }

    @Test
    void whether_it_answers_can_be_a_choice() {
        rig.nic.becomes(NONE.answers(Answers.MAYBE));
        rig.invalidate(0, 0x1000);
        rig.settle();
        assertThat(rig.root.take()).isInstanceOf(InvalidateCompletion.class);
        rig.choose((n, why) -> n - 1);
        rig.invalidate(0, 0x1000);
        rig.settle();
        assertThat(rig.root.isEmpty()).isTrue();
    }

    @Test
    void with_ats_disabled_and_ignored_it_goes_on_translated() {
        rig.nic.becomes(NONE.with(Defect.IGNORES_ATS_DISABLE));
        rig.cache(0x1000, 0x7000);
        rig.ats(false);
        program.write(0x1008, 1).write(0x2000, 2).ring();
        rig.settle();
        assertThat(rig.root.take(Tlp.MemWrite.class).at()).isEqualTo(At.TRANSLATED);
        assertThat(rig.root.take(Tlp.MemWrite.class).at()).isEqualTo(At.UNTRANSLATED);
    }

    @Test
    void a_request_for_everything_empties_the_cache() {
        rig.cache(0x1000, 0x7000);
        rig.cache(0x7f00_0000_0000L, 0x8000);
        rig.nic.receive(new DownTlp.InvalidateRequest(0, Pasid.NONE, false, AtsSpan.encode(0, AtsSpan.ALL)));
        rig.settle();
        assertThat(rig.holds(0x1000)).isFalse();
        assertThat(rig.holds(0x7f00_0000_0000L)).isFalse();
        assertThat(rig.logged("ATC drops 2 entries: invalidated")).isTrue();
    }
}
