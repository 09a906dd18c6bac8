// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import lazaret.pcie.At;
import lazaret.pcie.AtsEntry;
import lazaret.pcie.AtsSpan;
import lazaret.pcie.Config.AtsCap;
import lazaret.pcie.CplStatus;
import lazaret.pcie.DownTlp;
import lazaret.pcie.Pasid;
import lazaret.pcie.Tlp;
import org.junit.jupiter.api.Test;

class DmaEngineTest {
    private static final int RID = 0x100;

    private final Rig rig = new Rig();
    private final Program program = rig.nic.program();

    @Test
    void without_ats_an_operation_is_sent_untranslated_in_one_step() {
        rig.ats(false);
        program.write(0x1008, 7).ring();
        rig.step("dma");

        assertThat(rig.root.take())
                .isEqualTo(new Tlp.MemWrite(RID, At.UNTRANSLATED, Pasid.NONE, 0x1008, 7, 0x1008));
        assertThat(program.idle()).isTrue();
        assertThat(program.done()).isEqualTo(1);
    }

    @Test
    void nothing_happens_before_the_program_is_rung() {
        program.write(0x1000, 1);
        rig.settle();
        assertThat(rig.root.isEmpty()).isTrue();
        assertThat(program.idle()).isTrue();
    }

    @Test
    void a_program_for_later_begins_when_its_time_has_come() {
        rig.ats(false);
        program.write(0x1008, 7).after(500).ring();
        assertThat(rig.enabled("dma")).isFalse();
        assertThat(program.idle()).isFalse();

        rig.machine.clock().step();

        assertThat(rig.machine.clock().now()).isEqualTo(500);
        assertThat(rig.enabled("dma")).isTrue();
    }

    @Test
    void a_miss_asks_for_the_translation_of_the_page_first() {
        program.write(0x1008, 7).ring();
        rig.step("dma");

        var asked = rig.root.take(Tlp.TranslationRequest.class);
        assertThat(asked.address()).isEqualTo(0x1000);
        assertThat(asked.noWrite()).isFalse();
        assertThat(asked.pasid()).isEqualTo(Pasid.NONE);
        assertThat(rig.enabled("dma")).isFalse();
    }

    @Test
    void the_answer_fills_the_atc_and_the_translated_write_is_sent_a_step_later() {
        program.write(0x1008, 7).ring();
        rig.step("dma");
        rig.translate(0x7000, Rig.RW);
        rig.step("dma");
        assertThat(rig.holds(0x1000)).isTrue();
        assertThat(rig.root.isEmpty()).isTrue();

        rig.step("dma");
        assertThat(rig.root.take())
                .isEqualTo(new Tlp.MemWrite(RID, At.TRANSLATED, Pasid.NONE, 0x7008, 7, 0x1008));
        assertThat(program.idle()).isTrue();
    }

    @Test
    void a_hit_needs_no_request() {
        rig.cache(0x1000, 0x7000);
        program.write(0x1010, 7).ring();
        rig.step("dma");
        assertThat(rig.root.isEmpty()).isTrue();
        rig.step("dma");
        assertThat(rig.root.take(Tlp.MemWrite.class).address()).isEqualTo(0x7010);
    }

    @Test
    void what_was_translated_is_sent_even_if_the_entry_has_gone() {
        rig.cache(0x1000, 0x7000);
        program.write(0x1010, 7).ring();
        rig.step("dma");
        rig.nic.drop(new DownTlp.InvalidateRequest(0, Pasid.NONE, false, AtsSpan.encode(0, AtsSpan.ALL)));
        rig.step("dma");
        assertThat(rig.root.take(Tlp.MemWrite.class).at()).isEqualTo(At.TRANSLATED);
    }

    @Test
    void a_read_asks_not_to_write_and_ends_with_its_answer() {
        program.read(0x2000).ring();
        rig.step("dma");
        var asked = rig.root.take(Tlp.TranslationRequest.class);
        assertThat(asked.noWrite()).isTrue();
        rig.nic.receive(new DownTlp.TranslationCompletion(CplStatus.SC, asked.tag(), 0x7001));
        rig.settle();
        assertThat(rig.nic.awaitsCompletion()).isTrue();
        assertThat(program.idle()).isFalse();
        rig.answerRead(0x2a);
        assertThat(rig.nic.awaitsCompletion()).isFalse();
        rig.settle();

        assertThat(program.idle()).isTrue();
        assertThat(program.lastRead()).isEqualTo(0x2a);
        assertThat(rig.logged("read 0x2a from 0x2000")).isTrue();
    }

    @Test
    void a_write_asks_again_when_only_reading_is_allowed_and_then_gives_up() {
        rig.nic.fill(Pasid.NONE, 0x1000, 0x7001, false);
        program.write(0x1000, 7).ring();
        rig.step("dma");
        rig.translate(0x7000, AtsEntry.R.mask());
        rig.settle();

        assertThat(rig.root.isEmpty()).isTrue();
        assertThat(program.failed()).isEqualTo(1);
        assertThat(rig.holds(0x1000)).isTrue();
        assertThat(rig.logged("cannot write 0x1000: no permission")).isTrue();
    }

    @Test
    void a_denied_translation_fails_the_operation_and_is_not_kept() {
        program.write(0x1000, 7).read(0x1000).ring();
        rig.step("dma");
        rig.translate(0, 0);
        rig.step("dma");

        assertThat(program.failed()).isEqualTo(1);
        assertThat(rig.holds(0x1000)).isFalse();
        rig.step("dma");
        assertThat(rig.root.take(Tlp.TranslationRequest.class).noWrite()).isTrue();
    }

    @Test
    void unsupported_and_aborted_requests_fail_the_operation() {
        program.write(0x1000, 7).write(0x1000, 8).ring();
        for (CplStatus status : new CplStatus[] {CplStatus.UR, CplStatus.CA}) {
            rig.step("dma");
            int tag = rig.root.take(Tlp.TranslationRequest.class).tag();
            rig.nic.receive(new DownTlp.TranslationCompletion(status, tag, 0));
            rig.step("dma");
            assertThat(rig.logged("translation answered " + status)).isTrue();
        }
        assertThat(program.failed()).isEqualTo(2);
        assertThat(program.idle()).isTrue();
    }

    @Test
    void a_refused_read_is_counted() {
        program.untranslated().read(0x1000).ring();
        rig.step("dma");
        int tag = rig.root.take(Tlp.MemRead.class).tag();
        rig.nic.receive(new DownTlp.ReadCompletion(CplStatus.CA, tag, 0));
        rig.step("dma");
        assertThat(program.failed()).isEqualTo(1);
        assertThat(rig.logged("read answered CA")).isTrue();
    }

    @Test
    void a_range_for_untranslated_access_only_is_used_with_its_iova() {
        program.write(0x1000, 7).ring();
        rig.step("dma");
        rig.translate(0x7000, Rig.RW | AtsEntry.U.mask());
        rig.settle();
        var write = rig.root.take(Tlp.MemWrite.class);
        assertThat(write.at()).isEqualTo(At.UNTRANSLATED);
        assertThat(write.address()).isEqualTo(0x1000);
    }

    @Test
    void requests_are_aligned_to_the_smallest_translation_unit() {
        rig.nic.config().write16(Rig.ATS_CTRL, (int) (AtsCap.ENABLE.mask() | AtsCap.STU.prep(4)));
        program.write(0x1_2340, 7).ring();
        rig.step("dma");
        assertThat(rig.root.take(Tlp.TranslationRequest.class).address()).isEqualTo(0x1_0000);
    }

    @Test
    void translated_and_untranslated_operations_may_be_mixed() {
        rig.cache(0x1000, 0x7000);
        program.untranslated().write(0x1000, 1).translated().write(0x1000, 2).ring();
        rig.settle();
        assertThat(rig.root.take(Tlp.MemWrite.class).at()).isEqualTo(At.UNTRANSLATED);
        assertThat(rig.root.take(Tlp.MemWrite.class).at()).isEqualTo(At.TRANSLATED);
    }

    @Test
    void a_forged_write_claims_any_address() {
        program.forgedWrite(0xdead_0000L, 7).ring();
        rig.settle();
        var write = rig.root.take(Tlp.MemWrite.class);
        assertThat(write.at()).isEqualTo(At.TRANSLATED);
        assertThat(write.address()).isEqualTo(0xdead_0000L);
    }

    @Test
    void a_program_is_repeated_and_can_be_rung_again() {
        rig.ats(false);
        program.write(0x1000, 1).write(0x2000, 2).repeat(3);
        program.ring();
        program.ring();
        rig.settle();
        for (int i = 0; i < 6; i++) {
            assertThat(rig.root.take(Tlp.MemWrite.class).data()).isEqualTo(1);
            assertThat(rig.root.take(Tlp.MemWrite.class).data()).isEqualTo(2);
        }
        assertThat(rig.root.isEmpty()).isTrue();
        assertThat(program.done()).isEqualTo(12);
    }

    @Test
    void what_cannot_be_done_is_skipped_with_a_word() {
        rig.busMaster(false);
        program.write(0x1000, 1).read(0x1000).ring();
        rig.settle();
        assertThat(rig.root.isEmpty()).isTrue();
        assertThat(program.skipped()).isEqualTo(2);
        assertThat(rig.logged("cannot write 0x1000: not a bus master")).isTrue();
    }

    @Test
    void a_translated_write_is_not_sent_once_bus_mastering_is_off() {
        rig.cache(0x1000, 0x7000);
        program.write(0x1000, 1).ring();
        rig.step("dma");
        rig.busMaster(false);
        rig.step("dma");
        assertThat(rig.root.isEmpty()).isTrue();
        assertThat(program.skipped()).isEqualTo(1);
    }

    @Test
    void a_patient_program_waits_until_it_may() {
        rig.busMaster(false);
        program.write(0x1000, 1).patiently().ring();
        assertThat(rig.enabled("dma")).isFalse();
        rig.busMaster(true);
        assertThat(rig.enabled("dma")).isTrue();
    }

    @Test
    void two_programs_do_not_take_each_others_answers() {
        Program other = rig.nic.program().untranslated().read(0x2000);
        program.untranslated().read(0x1000);
        rig.nic.ring();
        rig.step("dma");
        rig.step("dma2");
        var first = rig.root.take(Tlp.MemRead.class);
        var second = rig.root.take(Tlp.MemRead.class);
        rig.nic.receive(new DownTlp.ReadCompletion(CplStatus.SC, second.tag(), 2));
        rig.nic.receive(new DownTlp.ReadCompletion(CplStatus.SC, first.tag(), 1));
        rig.settle();
        assertThat(program.lastRead()).isEqualTo(1);
        assertThat(other.lastRead()).isEqualTo(2);
    }

    @Test
    void answers_that_nobody_waits_for_are_discarded() {
        program.untranslated().read(0x1000).ring();
        rig.step("dma");
        int tag = rig.root.take(Tlp.MemRead.class).tag();
        rig.nic.receive(new DownTlp.TranslationCompletion(CplStatus.SC, tag, 0x7003));
        rig.nic.receive(new DownTlp.ReadCompletion(CplStatus.SC, tag + 8, 1));
        rig.nic.receive(new DownTlp.ReadCompletion(CplStatus.SC, tag + 1, 1));
        assertThat(rig.enabled("dma")).isFalse();
        assertThat(rig.log.stream().filter(e -> e.text().contains("discards")).count()).isEqualTo(3);

        rig.nic.receive(new DownTlp.ReadCompletion(CplStatus.SC, tag, 1));
        rig.nic.receive(new DownTlp.ReadCompletion(CplStatus.SC, tag, 2));
        rig.settle();
        assertThat(program.lastRead()).isEqualTo(1);
    }

    @Test
    void disabling_ats_sends_what_was_translated_anew_as_untranslated() {
        rig.cache(0x1000, 0x7000);
        program.write(0x1000, 1).ring();
        rig.step("dma");
        rig.ats(false);
        rig.settle();
        assertThat(rig.root.take(Tlp.MemWrite.class).at()).isEqualTo(At.UNTRANSLATED);
        assertThat(program.done()).isEqualTo(1);
    }

    @Test
    void a_translation_asked_for_before_ats_was_off_and_on_again_is_of_no_use() {
        program.write(0x1000, 1).ring();
        rig.step("dma");
        rig.ats(false);
        rig.ats(true);
        rig.translate(0x7000, Rig.RW);
        rig.step("dma");
        assertThat(rig.holds(0x1000)).isFalse();
        assertThat(rig.root.take()).isInstanceOf(Tlp.TranslationRequest.class);
    }

    @Test
    void it_dies_at_the_operation_it_was_told_to() {
        rig.nic.becomes(EndpointFaults.NONE.diesAt(2));
        program.untranslated().write(0x1000, 1).write(0x1000, 2).write(0x1000, 3).ring();
        rig.settle();
        assertThat(rig.root.take(Tlp.MemWrite.class).data()).isEqualTo(1);
        assertThat(rig.root.take(Tlp.MemWrite.class).data()).isEqualTo(2);
        assertThat(rig.root.isEmpty()).isTrue();
        assertThat(rig.nic.alive()).isFalse();
        assertThat(rig.logged("dies")).isTrue();
    }

    @Test
    void operations_before_it_became_mortal_do_not_count() {
        program.untranslated().write(0x1000, 1).repeat(3).ring();
        rig.step("dma");
        rig.nic.becomes(EndpointFaults.NONE.diesAt(1));
        rig.settle();
        assertThat(program.done()).isEqualTo(2);
    }

    @Test
    void rung_after_its_death_a_program_ends_without_a_word_on_the_link() {
        program.write(0x1000, 1).patiently();
        rig.nic.die();
        program.ring();
        rig.settle();
        assertThat(program.idle()).isTrue();
        assertThat(rig.root.isEmpty()).isTrue();
    }

    @Test
    void programs_are_of_whole_words_and_not_empty() {
        assertThatIllegalArgumentException().isThrownBy(() -> program.write(0x1004, 1));
        assertThatIllegalStateException().isThrownBy(() -> rig.nic.program().ring());
        for (int i = 2; i < DmaEngine.LIMIT; i++) {
            rig.nic.program();
        }
        assertThatIllegalStateException().isThrownBy(rig.nic::program);
    }
}
