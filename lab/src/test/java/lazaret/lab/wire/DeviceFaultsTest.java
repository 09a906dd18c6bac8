// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.wire;

import static lazaret.pcie.hw.EndpointFaults.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import lazaret.pcie.Config;
import lazaret.pcie.Pasid;
import lazaret.pcie.hw.DownPort.Event;
import lazaret.pcie.hw.Endpoint;
import lazaret.pcie.hw.EndpointFaults;
import lazaret.pcie.hw.EndpointFaults.Answers;
import lazaret.pcie.hw.EndpointFaults.Defect;
import lazaret.pcie.hw.EndpointFaults.Flr;
import lazaret.pcie.hw.EndpointParams;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Cr0;
import lazaret.smmuv3.Reg;
import org.junit.jupiter.api.Test;

/** The catalogue of what devices and the fabric do wrong, each at the place where software feels it. */
class DeviceFaultsTest {
    private static final long PAGE = 0x1000;
    private static final long OTHER = 0x2000;
    private static final long LATE = Wire.TIMEOUT + Wire.TIMEOUT / 2;

    private static Wire warm(EndpointFaults faults) {
        var wire = new Wire(NONE);
        wire.warm(PAGE);
        wire.warm(OTHER);
        wire.nic.becomes(faults);
        return wire;
    }

    @Test
    void e1_never_answers_and_the_next_sync_fails() {
        var wire = warm(NONE.neverAnswersAtcInv());
        wire.unmap(PAGE);
        assertThat(wire.flushed()).isFalse();
        wire.pass(Wire.TIMEOUT);
        assertThat(wire.timedOut()).isTrue();
        wire.acknowledge();
        assertThat(wire.flushed()).as("the same SYNC, retried").isTrue();
        wire.writes(PAGE, 0xbad);
        assertThat(wire.at(PAGE)).as("after the flush has returned").isEqualTo(0xbad);
    }

    @Test
    void e2_answers_slowly_and_the_sync_waits() {
        var wire = warm(NONE.answersLate(Wire.TIMEOUT / 2));
        wire.unmap(PAGE);
        wire.pass(Wire.TIMEOUT / 2 - 1);
        assertThat(wire.flushed()).isFalse();
        wire.pass(1);
        assertThat(wire.flushed()).isTrue();
        assertThat(wire.holds(PAGE)).isFalse();
    }

    @Test
    void e3_answers_too_late_and_nobody_expects_it() {
        var wire = warm(NONE.answersLate(LATE));
        wire.unmap(PAGE);
        wire.pass(Wire.TIMEOUT);
        wire.acknowledge();
        wire.pass(LATE);
        assertThat(wire.logged("unexpected")).isTrue();
        assertThat(wire.flushed()).isTrue();
    }

    @Test
    void e4_answers_too_late_and_the_answer_ends_a_newer_request() {
        var wire = warm(NONE.answersLate(LATE));
        wire.unmap(PAGE);
        wire.pass(Wire.TIMEOUT);
        wire.acknowledge();
        wire.unmap(OTHER);
        assertThat(wire.flushed()).isFalse();
        wire.pass(LATE - Wire.TIMEOUT);
        assertThat(wire.flushed()).as("by the answer to the first").isTrue();
        assertThat(wire.holds(OTHER)).isTrue();
    }

    @Test
    void e5_answers_and_keeps_the_translation() {
        var wire = warm(NONE.ackWithoutInvalidate());
        wire.unmap(PAGE);
        assertThat(wire.flushed()).isTrue();
        wire.writes(PAGE, 0xbad);
        assertThat(wire.at(PAGE)).isEqualTo(0xbad);
        wire.fence();
        wire.writes(PAGE, 0xbeef);
        assertThat(wire.at(PAGE)).as("only a fence helps").isEqualTo(0xbad);
    }

    @Test
    void e6_its_answer_overtakes_its_writes() {
        var wire = warm(NONE.with(Defect.COMPLETION_OVERTAKES_WRITES).postedWritesHeld(EndpointFaults.HELD));
        wire.writes(PAGE, 0xbad);
        wire.unmap(PAGE);
        assertThat(wire.flushed()).isTrue();
        assertThat(wire.at(PAGE)).isZero();
        wire.nic.release();
        wire.settle();
        assertThat(wire.at(PAGE)).isEqualTo(0xbad);
    }

    @Test
    void e7_sends_fewer_completions_than_it_announces() {
        var wire = warm(NONE.answers(Answers.TOO_FEW));
        wire.unmap(PAGE);
        wire.pass(Wire.TIMEOUT);
        assertThat(wire.timedOut()).isTrue();
        assertThat(wire.holds(PAGE)).as("it did forget").isFalse();
    }

    @Test
    void e8_a_reset_swallows_the_invalidation() {
        var wire = warm(NONE.flr(Flr.SILENT_DURING));
        wire.flr();
        wire.unmap(PAGE);
        wire.pass(2 * Wire.TIMEOUT);
        assertThat(wire.timedOut()).isTrue();
    }

    @Test
    void e9_the_link_fails_without_a_word() {
        var wire = warm(NONE);
        wire.port.linkFails(Event.UNTOLD);
        assertThat(wire.port.irq().pending()).isFalse();
        assertThat(wire.present()).isFalse();
        wire.unmap(PAGE);
        wire.pass(Wire.TIMEOUT);
        assertThat(wire.timedOut()).isTrue();
    }

    @Test
    void e10_a_switch_delivers_writes_of_a_function_that_is_gone() {
        var wire = warm(NONE);
        wire.root.holdsBack(EndpointFaults.HELD);
        wire.writes(PAGE, 0xbad);
        wire.port.linkFails(Event.UNTOLD);
        wire.unmap(PAGE);
        wire.pass(Wire.TIMEOUT);
        wire.acknowledge();
        wire.root.release();
        wire.settle();
        assertThat(wire.at(PAGE)).isEqualTo(0xbad);
    }

    @Test
    void e11_it_has_ats_off_and_goes_on_sending_translated() {
        var wire = warm(NONE.with(Defect.IGNORES_ATS_DISABLE));
        Wire.ats(wire.nic, false);
        wire.writes(PAGE, 1);
        assertThat(wire.logged("translated write")).isTrue();
        wire.fence();
        wire.writes(PAGE, 2);
        assertThat(wire.at(PAGE)).isEqualTo(1);
    }

    @Test
    void e12_it_forges_translated_writes() {
        var wire = warm(NONE);
        wire.forges(0x7_0008, 1);
        assertThat(wire.machine.ram().load(0x7_0008)).as("a stream that is trusted").isEqualTo(1);
        wire.forges(1L << 50, 1);
        assertThat(wire.logged("refused") || wire.logged("no memory")).isTrue();
        wire.fence();
        wire.forges(0x7_0008, 2);
        assertThat(wire.machine.ram().load(0x7_0008)).isEqualTo(1);

        wire.write(Reg.CR0, (int) (0x1f & ~Cr0.ATSCHK.mask()));
        wire.settle();
        wire.issue(new Command.CfgiAll(), Wire.sync());
        wire.forges(0x7_0008, 3);
        assertThat(wire.machine.ram().load(0x7_0008)).as("nobody checks").isEqualTo(3);
    }

    @Test
    void e13_more_page_requests_than_fit_are_answered_by_the_queue_itself() {
        var wire = new Wire(NONE.with(Defect.IGNORES_PAGE_CREDITS));
        wire.nic.config().write32(0x12c, 1);
        wire.nic.config().write16(0x124, 1);
        for (int i = 0; i < 4; i++) {
            wire.nic.program().write(0x20_0000 + 0x1000L * i, 1).ring();
        }
        wire.settle();
        assertThat(wire.read(Reg.PRIQ_PROD)).as("overflow, two entries").isEqualTo(1 << 31 | 2);
        assertThat(wire.log.stream().filter(e -> e.text().startsWith("page response")).count()).isEqualTo(2);
    }

    @Test
    void e14_a_translation_that_an_invalidation_crossed_is_used() {
        for (boolean sound : new boolean[] {true, false}) {
            var wire = new Wire(sound ? NONE : NONE.installsStaleCompletions());
            wire.nic.program().write(PAGE, 0xbad).ring();
            wire.step("nic dma");
            wire.settleButDma();
            wire.unmapped(PAGE);
            wire.settleButDma();
            assertThat(wire.flushed()).isTrue();
            wire.settle();
            assertThat(wire.at(PAGE)).isEqualTo(sound ? 0 : 0xbad);
        }
    }

    @Test
    void e15_a_reset_never_ends() {
        var wire = warm(NONE.flr(Flr.NEVER_READY));
        wire.flr();
        wire.pass(60_000_000);
        assertThat(wire.present()).isFalse();
    }

    @Test
    void e16_it_ignores_invalidations_for_a_pasid_that_it_cannot_have() {
        var wire = warm(NONE.with(Defect.SILENT_ON_FOREIGN_PASID));
        Command foreign = new Command.AtcInv(Wire.SID, true, 5, false, PAGE, 0);
        wire.issue(foreign, Wire.sync());
        wire.pass(Wire.TIMEOUT);
        assertThat(wire.timedOut()).isTrue();

        wire = warm(NONE);
        wire.issue(foreign, Wire.sync());
        assertThat(wire.flushed()).as("another one answers").isTrue();
    }

    @Test
    void e17_a_reset_leaves_translations_behind() {
        var wire = warm(NONE.flr(Flr.KEEPS_ATC));
        wire.flr();
        wire.pass(EndpointParams.FLR_US);
        wire.unmapped(PAGE);
        wire.nic.config().write16(Config.COMMAND, 6);
        Wire.ats(wire.nic, true);
        assertThat(wire.holds(PAGE)).isTrue();
        wire.nic.program().write(PAGE, 0xbad).ring();
        wire.step("nic dma3");
        wire.settleButDma();
        wire.settle();
        assertThat(wire.at(PAGE)).as("before anybody invalidated").isEqualTo(0xbad);
        assertThat(wire.holds(PAGE)).isFalse();
    }

    @Test
    void e18_its_sibling_goes_on() {
        var wire = new Wire(NONE);
        Endpoint sibling = wire.function("sibling", "01:00.1", EndpointParams.USUAL);
        wire.issue(new Command.CfgiAll(), Wire.sync());
        sibling.program().write(PAGE, 1).ring();
        wire.settle();
        wire.fence();
        sibling.program().write(PAGE, 2).ring();
        wire.settle();
        assertThat(wire.at(PAGE)).isEqualTo(2);
        assertThat(sibling.atcEntry(Pasid.NONE, PAGE)).isNotZero();
    }
}
