// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import static lazaret.smmuv3.Setup.CD;
import static lazaret.smmuv3.Setup.CDTAB;
import static lazaret.smmuv3.Setup.L3;
import static lazaret.smmuv3.Setup.PA;
import static lazaret.smmuv3.Setup.SID;
import static lazaret.smmuv3.Setup.VA;
import static lazaret.smmuv3.Setup.aborted;
import static lazaret.smmuv3.Setup.fault;
import static lazaret.smmuv3.Setup.fetch;
import static lazaret.smmuv3.Setup.origin;
import static org.assertj.core.api.Assertions.assertThat;

import lazaret.pcie.At;
import lazaret.pcie.CplStatus;
import lazaret.pcie.Pasid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Access flag and dirty state managed by hardware. Tests named after a vector begin with its number. */
class UpdateTest {
    private static final long PAGE = 0x8_AA55_DF47L;
    private static final long OLD = PAGE & ~Pte.AF.mask();
    private static final long CLEAN = 0x0008_0008_AA55_DFC7L;
    private static final long DIRTY = 0x0008_0008_AA55_DF47L;

    private final Setup setup = new Setup();

    @BeforeEach
    void hardware_manages_both() {
        setup.cd(CDTAB, CD.with(Cd.HA, 1).with(Cd.HD, 1));
    }

    @Test
    void w7_a_write_to_a_writable_clean_page_makes_it_dirty() {
        setup.memory.store(L3, CLEAN);

        assertThat(act(AccessType.WRITE)).isInstanceOf(Outcome.Translated.class);
        assertThat(setup.memory.load(L3)).isEqualTo(DIRTY);
    }

    @Test
    void w8_a_clear_access_flag_is_set() {
        setup.memory.store(L3, OLD);

        assertThat(act(AccessType.READ)).isInstanceOf(Outcome.Translated.class);
        assertThat(setup.memory.load(L3)).isEqualTo(PAGE);
    }

    @Test
    void a_read_leaves_a_clean_page_clean() {
        setup.memory.store(L3, CLEAN);

        assertThat(act(AccessType.READ)).isInstanceOf(Outcome.Translated.class);
        assertThat(setup.memory.load(L3)).isEqualTo(CLEAN);
    }

    @Test
    void one_write_sets_both() {
        setup.memory.store(L3, CLEAN & ~Pte.AF.mask());

        act(AccessType.WRITE);
        assertThat(setup.memory.load(L3)).isEqualTo(DIRTY);
    }

    @Test
    void where_nothing_is_managed_nothing_is_marked() {
        setup.memory.store(L3, CLEAN);
        Outcome refused = aborted(new Event.FPermission(origin(), fault(AccessType.WRITE, VA), false));

        setup.cd(CDTAB, CD.with(Cd.HA, 1));
        assertThat(act(AccessType.WRITE)).as("HD=0").isEqualTo(refused);
        setup.cd(CDTAB, CD.with(Cd.HD, 1));
        assertThat(act(AccessType.WRITE)).as("HD without HA").isEqualTo(refused);
        hardware_manages_both();
        setup.memory.store(L3, CLEAN & ~Pte.DBM.mask());
        assertThat(act(AccessType.WRITE)).as("DBM=0").isEqualTo(refused);
        setup.memory.store(L3, CLEAN & ~Pte.AP_UNPRIV);
        assertThat(act(AccessType.WRITE)).as("another reason").isEqualTo(refused);
        assertThat(setup.memory.load(L3)).isEqualTo(CLEAN & ~Pte.AP_UNPRIV);
    }

    @Test
    void affd_does_not_count_where_hardware_sets_the_flag() {
        setup.memory.store(L3, OLD);
        setup.cd(CDTAB, CD.with(Cd.HA, 1).with(Cd.AFFD, 1));

        act(AccessType.READ);
        assertThat(setup.memory.load(L3)).isEqualTo(PAGE);
    }

    @Test
    void a_refused_access_leaves_no_trace() {
        setup.memory.store(L3, OLD | Pte.AP_RDONLY);

        assertThat(act(AccessType.WRITE)).isInstanceOf(Outcome.Refused.class);
        assertThat(setup.memory.load(L3)).isEqualTo(OLD | Pte.AP_RDONLY);
    }

    @Test
    void a_clean_page_counts_as_writable_for_execution() {
        setup.memory.store(L3, CLEAN);
        setup.cd(CDTAB, CD.with(Cd.HA, 1).with(Cd.HD, 1).with(Cd.WXN, 1));

        assertThat(act(Setup.FETCH)).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void a_descriptor_that_changes_before_it_is_marked_is_looked_at_again() {
        setup.memory.store(L3, OLD);
        Walk walk = Walk.start(setup.regs(), Transaction.untranslated(SID, AccessType.READ, VA));
        while (walk.wants() != L3) {
            walk.step(setup.memory);
        }
        walk.step(setup.memory);
        Walk other = new Walk();
        other.resume(Paused.of(walk));
        assertThat(walk.marked(OLD)).isEqualTo(PAGE);
        assertThat(walk.marked(0)).isZero();
        assertThat(walk.feed(0).outcome()).isEqualTo(
                aborted(new Event.FTranslation(origin(), fault(AccessType.READ, VA))));
        assertThat(other.abort().outcome()).isEqualTo(aborted(new Event.FWalkEabt(origin(), fetch(L3),
                AccessType.READ, false, Evt.Class.TT, VA)));
    }

    @Test
    void a_remembered_clean_page_does_not_do_for_a_write() {
        setup.memory.store(L3, CLEAN);
        var read = setup.whole(AccessType.READ, VA);

        Walk write = Walk.start(setup.regs(), Transaction.untranslated(SID, AccessType.WRITE, VA))
                .known(read.ste()).known(read.cd());
        assertThat(write.known(read.translation())).isFalse();
        Walk again = Walk.start(setup.regs(), Transaction.untranslated(SID, AccessType.READ, VA))
                .known(read.ste()).known(read.cd());
        assertThat(again.known(read.translation())).isTrue();
        assertThat(again.outcome()).isEqualTo(read.outcome());
    }

    @Test
    void t5_a_request_marks_a_page_dirty_unless_it_promises_not_to_write() {
        setup.memory.store(L3, CLEAN);
        assertThat(request(AccessType.READ)).isEqualTo(granted(0x8_AA55_D001L));
        assertThat(setup.memory.load(L3)).isEqualTo(CLEAN);

        assertThat(request(AccessType.WRITE)).isEqualTo(granted(0x8_AA55_D003L));
        assertThat(setup.memory.load(L3)).isEqualTo(DIRTY);

        assertThat(request(AccessType.READ)).as("dirty already").isEqualTo(granted(0x8_AA55_D003L));
    }

    @Test
    void a_request_sets_the_access_flag_if_it_is_granted_anything() {
        setup.memory.store(L3, OLD & ~Pte.AP_UNPRIV | Pte.UXN.mask());
        assertThat(request(AccessType.WRITE)).isEqualTo(granted(0));
        assertThat(setup.memory.load(L3)).isEqualTo(OLD & ~Pte.AP_UNPRIV | Pte.UXN.mask());

        setup.memory.store(L3, OLD);
        assertThat(request(AccessType.WRITE)).isEqualTo(granted(0x8_AA55_D003L));
        assertThat(setup.memory.load(L3)).isEqualTo(PAGE);
    }

    @Test
    void a_walk_for_the_record_marks_nothing() {
        setup.memory.store(L3, CLEAN);

        assertThat(setup.write(VA)).isInstanceOfSatisfying(Outcome.Translated.class,
                t -> assertThat(t.pa()).isEqualTo(PA));
        assertThat(setup.memory.load(L3)).isEqualTo(CLEAN);
    }

    private Outcome act(AccessType type) {
        return setup.act(Transaction.untranslated(SID, type, VA)).outcome();
    }

    private Outcome request(AccessType type) {
        var request = new Transaction(SID, Pasid.NONE, At.TRANSLATION_REQUEST, type, VA & ~0xfffL);
        return setup.act(request).outcome();
    }

    private static Outcome granted(long entry) {
        return new Outcome.Answered(CplStatus.SC, entry, null);
    }
}
