// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import static lazaret.smmuv3.hw.Rig.SYNC;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import lazaret.pcie.CplStatus;
import lazaret.pcie.DownTlp;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Event;
import lazaret.smmuv3.Gerror;
import lazaret.smmuv3.Idr0;
import lazaret.smmuv3.Reg;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transactions that wait for software. CD vector C8. */
class StallTest {
    private final Rig rig = Rig.on();

    @BeforeEach
    void faults_stall_and_the_page_is_missing() {
        rig.put(Rig.CD, 0x0007_F205_C000_3510L);
        rig.ste(Rig.SID, Rig.S5[0], Rig.S5[1] & ~(1 << 27));
        rig.put(Rig.LEAF_AT, 0);
    }

    private int stalls() {
        rig.function.reads(Rig.IOVA);
        rig.settle();
        List<Event> events = rig.events();
        assertThat(events).hasSize(1);
        Event.Fault fault = ((Event.FTranslation) events.getFirst()).fault();
        assertThat(fault.stall()).isTrue();
        assertThat(rig.function.received).isEmpty();
        return fault.stag();
    }

    private static Command resume(int stag, boolean retry, boolean abort) {
        return new Command.Resume(Rig.SID, stag, retry, abort);
    }

    private DownTlp answer() {
        return rig.function.last();
    }

    private static DownTlp refused(CplStatus status) {
        return new DownTlp.ReadCompletion(status, 7, 0);
    }

    @Test
    void a_stalled_transaction_goes_on_when_the_page_is_there() {
        int stag = stalls();
        rig.put(Rig.LEAF_AT, Rig.LEAF);
        rig.put(Rig.PA, 5);
        rig.settle();
        assertThat(rig.function.received).isEmpty();

        rig.issue(resume(stag, true, false));
        assertThat(answer()).isEqualTo(new DownTlp.ReadCompletion(CplStatus.SC, 7, 5));
    }

    @Test
    void a_retry_may_stall_again_under_another_name() {
        int first = stalls();
        rig.issue(resume(first, true, false));

        assertThat(rig.events()).singleElement().isInstanceOfSatisfying(Event.FTranslation.class,
                e -> assertThat(e.fault().stag()).isNotEqualTo(first));
    }

    @Test
    void software_may_end_it_with_or_without_an_abort() {
        rig.issue(resume(stalls(), false, true));
        assertThat(answer()).isEqualTo(refused(CplStatus.CA));
        rig.function.received.clear();
        rig.issue(resume(stalls(), false, false));
        assertThat(answer()).isEqualTo(refused(CplStatus.SC));
    }

    @Test
    void an_smmu_that_only_aborts_aborts() {
        Rig abort = Rig.on(p -> p.with(Idr0.TERM_MODEL, 1));
        abort.put(Rig.CD, 0x0007_F205_C000_3510L);
        abort.ste(Rig.SID, Rig.S5[0], Rig.S5[1] & ~(1 << 27));
        abort.put(Rig.LEAF_AT, 0);
        abort.function.reads(Rig.IOVA);
        abort.settle();
        abort.issue(resume(0, false, false));
        assertThat(abort.function.last()).isEqualTo(refused(CplStatus.CA));
    }

    @Test
    void a_name_that_nothing_has_resumes_nothing() {
        int stag = stalls();
        rig.issue(resume(stag + 1, true, false), new Command.Resume(Rig.OTHER, stag, true, false),
                new Command.Resume(0x1ff, stag, true, false), new Command.StallTerm(Rig.OTHER));

        assertThat(rig.function.received).isEmpty();
        assertThat(rig.cons()).isEqualTo(4);
    }

    @Test
    void a_stream_can_be_ended_as_a_whole() {
        stalls();
        rig.issue(new Command.StallTerm(Rig.SID));
        assertThat(answer()).isEqualTo(refused(CplStatus.CA));
    }

    @Test
    void switching_the_smmu_off_ends_them_all() {
        stalls();
        rig.enable(Rig.ALL_ON & ~Rig.SMMUEN);
        assertThat(answer()).isEqualTo(refused(CplStatus.CA));
    }

    @Test
    void a_sync_does_not_wait_for_what_stalls() {
        stalls();
        rig.issue(new Command.CfgiAll(), new Command.TlbiNsnhAll(), SYNC);
        assertThat(rig.cons()).isEqualTo(3);
    }

    @Test
    void without_room_for_its_record_it_waits_and_is_then_translated_again() {
        rig.enable(Rig.ALL_ON & ~Rig.EVENTQEN);
        rig.function.reads(Rig.IOVA);
        rig.settle();
        rig.put(Rig.LEAF_AT, Rig.LEAF);
        rig.settle();
        assertThat(rig.function.received).isEmpty();
        assertThat(rig.read(Reg.EVENTQ_PROD)).isZero();

        rig.enable(Rig.ALL_ON);
        assertThat(answer()).isEqualTo(new DownTlp.ReadCompletion(CplStatus.SC, 7, 0));
        assertThat(rig.events()).isEmpty();
    }

    @Test
    void a_full_queue_does_not_overflow_for_what_stalls() {
        rig.write(Reg.EVENTQ_CONS, 1 << Rig.EVTQ_LOG2);         // full
        rig.function.reads(Rig.IOVA);
        rig.settle();
        assertThat(rig.read(Reg.EVENTQ_PROD)).isZero();

        rig.write(Reg.EVENTQ_CONS, 0);
        rig.settle();
        assertThat(rig.events()).hasSize(1);
    }

    @Test
    void what_comes_behind_it_waits_too() {
        int stag = stalls();
        rig.function.writes(Rig.IOVA + 8, 1);
        rig.settle();
        assertThat(rig.events()).isEmpty();
        rig.issue(resume(stag, false, true));
        assertThat(rig.events()).hasSize(1);
    }

    // Service failure mode.

    @Test
    void in_service_failure_mode_everything_ends_and_nothing_is_touched() {
        rig.write(Reg.IRQ_CTRL, 5);
        rig.settle();
        rig.put(Rig.LEAF_AT, Rig.LEAF);
        rig.smmu.fail();
        assertThat(rig.read(Reg.GERROR)).isEqualTo((int) Gerror.SFM_ERR.mask());
        rig.function.reads(Rig.IOVA);
        rig.settle();
        assertThat(answer()).isEqualTo(refused(CplStatus.CA));
        rig.function.asks(Rig.PAGE);
        rig.settle();
        assertThat(answer()).isEqualTo(new DownTlp.TranslationCompletion(CplStatus.CA, 9, 0));
        rig.acknowledge();
        rig.issue(SYNC);
        assertThat(rig.cons()).isZero();
        assertThat(rig.events()).isEmpty();
    }
}
