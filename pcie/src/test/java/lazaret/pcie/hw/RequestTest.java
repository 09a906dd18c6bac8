// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import static lazaret.pcie.hw.EndpointFaults.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import lazaret.pcie.At;
import lazaret.pcie.AtsEntry;
import lazaret.pcie.AtsSpan;
import lazaret.pcie.Config.PasidCap;
import lazaret.pcie.Config.PriCap;
import lazaret.pcie.CplStatus;
import lazaret.pcie.DownTlp;
import lazaret.pcie.Pasid;
import lazaret.pcie.Tlp;
import lazaret.pcie.hw.EndpointFaults.Defect;
import org.junit.jupiter.api.Test;

/** Tags and the patience for completions, address spaces, and page requests beyond what is allowed. */
class RequestTest {
    private static final long PATIENCE = 100;
    private static final int SPACE = 5;

    private static Rig impatient(EndpointFaults faults) {
        return new Rig(EndpointParams.USUAL.completionTimeout(PATIENCE), faults);
    }

    private static void answer(Rig rig, Tlp.MemRead read, long data) {
        rig.nic.receive(new DownTlp.ReadCompletion(CplStatus.SC, read.tag(), data));
        rig.settle();
    }

    @Test
    void a_request_that_nobody_answers_is_given_up() {
        var rig = impatient(NONE);
        var program = rig.nic.program().untranslated().read(0x1000);
        program.ring();
        rig.settle();
        rig.pass(PATIENCE - 1);
        assertThat(program.idle()).isFalse();
        rig.pass(1);
        assertThat(program.failed()).isEqualTo(1);
        assertThat(rig.nic.awaitsCompletion()).isFalse();
        assertThat(rig.logged("no completion")).isTrue();
    }

    @Test
    void so_is_a_translation_request_and_one_that_is_answered_is_not() {
        var rig = impatient(NONE);
        var program = rig.nic.program().write(0x1000, 1).repeat(2);
        program.ring();
        rig.settle();
        rig.pass(PATIENCE);
        assertThat(program.failed()).isEqualTo(1);

        rig.root.take();
        rig.translate(0x8000_0000L, Rig.RW);
        rig.pass(2 * PATIENCE);
        assertThat(program.done()).isEqualTo(1);
    }

    @Test
    void an_answer_that_comes_too_late_finds_another_tag() {
        var rig = impatient(NONE);
        var program = rig.nic.program().untranslated().read(0x1000).read(0x2000);
        program.ring();
        rig.settle();
        var old = rig.root.take(Tlp.MemRead.class);
        rig.pass(PATIENCE);
        answer(rig, old, 1);
        assertThat(program.done()).isZero();
        answer(rig, rig.root.take(Tlp.MemRead.class), 2);
        assertThat(program.lastRead()).isEqualTo(2);
    }

    @Test
    void unless_the_tag_was_used_again() {
        var rig = impatient(NONE.with(Defect.REUSES_TAGS));
        var program = rig.nic.program().untranslated().read(0x1000).read(0x2000);
        program.ring();
        rig.settle();
        var old = rig.root.take(Tlp.MemRead.class);
        rig.pass(PATIENCE);
        answer(rig, old, 1);
        assertThat(program.lastRead()).as("the answer to the first, taken for the second").isEqualTo(1);
    }

    @Test
    void a_reset_ends_the_wait() {
        var rig = impatient(NONE);
        rig.nic.program().untranslated().read(0x1000).ring();
        rig.settle();
        rig.flr();
        rig.pass(2 * PATIENCE);
        assertThat(rig.logged("no completion")).isFalse();
    }

    private static Rig spaces(EndpointFaults faults) {
        var rig = new Rig(faults);
        rig.nic.config().write16(Rig.PASID_CTRL, (int) PasidCap.ENABLE.mask());
        return rig;
    }

    @Test
    void a_translation_belongs_to_the_address_space_that_asked() {
        var rig = spaces(NONE);
        var program = rig.nic.program().pasid(SPACE).write(0x1000, 1).pasid(Pasid.NONE).write(0x1000, 2);
        program.ring();
        rig.settle();
        var asked = rig.root.take(Tlp.TranslationRequest.class);
        assertThat(asked.pasid()).isEqualTo(SPACE);
        long entry = AtsEntry.encode(0x8000_0000L, 0, Rig.RW);
        rig.nic.receive(new DownTlp.TranslationCompletion(CplStatus.SC, asked.tag(), entry));
        rig.settle();
        var write = rig.root.take(Tlp.MemWrite.class);
        assertThat(write.at()).isEqualTo(At.TRANSLATED);
        assertThat(write.pasid()).as("the address says whose it is").isEqualTo(Pasid.NONE);
        assertThat(rig.root.take(Tlp.TranslationRequest.class).pasid()).isEqualTo(Pasid.NONE);
    }

    @Test
    void untranslated_traffic_carries_its_pasid() {
        var rig = spaces(NONE);
        rig.nic.program().untranslated().pasid(SPACE).write(0x1000, 1).ring();
        rig.settle();
        assertThat(rig.root.take(Tlp.MemWrite.class).pasid()).isEqualTo(SPACE);
    }

    @Test
    void without_pasids_enabled_there_are_none() {
        var rig = new Rig();
        var program = rig.nic.program().untranslated().pasid(SPACE).write(0x1000, 1);
        program.ring();
        rig.settle();
        assertThat(program.skipped()).isEqualTo(1);
        assertThat(rig.logged("no such PASID")).isTrue();
        assertThat(rig.nic.has(1 << 20)).isFalse();
    }

    private static void invalidate(Rig rig, int pasid) {
        rig.nic.receive(new DownTlp.InvalidateRequest(3, pasid, false, AtsSpan.encode(0x1000, 0)));
        rig.settle();
    }

    @Test
    void invalidations_for_an_address_space_that_cannot_be_are_answered_or_not() {
        var kind = new Rig();
        invalidate(kind, SPACE);
        assertThat(kind.root.take(Tlp.InvalidateCompletion.class).itagVector()).isEqualTo(1 << 3);

        var strict = new Rig(NONE.with(Defect.SILENT_ON_FOREIGN_PASID));
        invalidate(strict, SPACE);
        assertThat(strict.root.isEmpty()).isTrue();
        invalidate(strict, Pasid.NONE);
        assertThat(strict.root.isEmpty()).isFalse();
    }

    private static int pagesAsked(EndpointFaults faults) {
        var rig = new Rig(faults);
        rig.nic.config().write32(0x120 + PriCap.ALLOC_REQ, 1);
        rig.nic.config().write16(0x120 + PriCap.CTRL, (int) PriCap.ENABLE.mask());
        rig.nic.program().write(0x1000, 1).ring();
        rig.nic.program().write(0x2000, 1).ring();
        rig.settle();
        rig.translate(0, 0);
        rig.translate(0, 0);
        rig.settle();
        int pages = 0;
        while (!rig.root.isEmpty()) {
            pages += rig.root.take() instanceof Tlp.PageRequest ? 1 : 0;
        }
        return pages;
    }

    @Test
    void a_greedy_function_asks_for_more_pages_than_it_may() {
        assertThat(pagesAsked(NONE)).isEqualTo(1);
        assertThat(pagesAsked(NONE.with(Defect.IGNORES_PAGE_CREDITS))).isEqualTo(2);
    }

    @Test
    void page_requests_that_are_switched_off_stop_when_the_last_was_answered() {
        var rig = new Rig();
        rig.nic.config().write32(0x120 + PriCap.ALLOC_REQ, 1);
        rig.nic.config().write16(0x120 + PriCap.CTRL, (int) PriCap.ENABLE.mask());
        rig.nic.program().write(0x1000, 1).ring();
        rig.settle();
        rig.translate(0, 0);
        rig.settle();
        rig.nic.config().write16(0x120 + PriCap.CTRL, 0);
        assertThat(PriCap.STOPPED.test(rig.nic.config().read16(0x120 + PriCap.STATUS))).isFalse();
        rig.nic.receive(new DownTlp.PrgResponse(0, 1, Pasid.NONE));
        assertThat(PriCap.STOPPED.test(rig.nic.config().read16(0x120 + PriCap.STATUS))).isTrue();
    }
}
