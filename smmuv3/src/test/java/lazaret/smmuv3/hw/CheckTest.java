// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lazaret.pcie.At;
import lazaret.pcie.CplStatus;
import lazaret.pcie.Pasid;
import lazaret.smmuv3.AccessType;
import lazaret.smmuv3.Cd;
import lazaret.smmuv3.Event;
import lazaret.smmuv3.Ste;
import lazaret.smmuv3.Verdict;
import lazaret.smmuv3.Verdict.End;
import org.junit.jupiter.api.Test;

/** {@link Smmu#check}: the SMMU as a function. */
class CheckTest {
    private final Rig rig = Rig.on();

    private Verdict check(At at, AccessType type, long address) {
        return rig.smmu.check(Rig.SID, Pasid.NONE, at, type, address);
    }

    @Test
    void an_access_goes_where_a_transaction_would_go_and_is_remembered() {
        assertThat(check(At.UNTRANSLATED, AccessType.WRITE, Rig.IOVA).pa()).isEqualTo(Rig.PA);
        assertThat(rig.entries(SmmuEntry.Cached.class)).hasSize(1);
        assertThat(rig.machine.hardware()).noneMatch(strand -> strand.enabled());
    }

    @Test
    void a_request_is_answered() {
        Verdict verdict = check(At.TRANSLATION_REQUEST, AccessType.WRITE, Rig.PAGE);

        assertThat(verdict.end()).isEqualTo(End.ANSWERED);
        assertThat(verdict.status()).isEqualTo(CplStatus.SC);
        assertThat(verdict.entry()).isEqualTo(Rig.PA_PAGE | 3);
    }

    @Test
    void what_is_refused_is_recorded() {
        rig.ste(Rig.SID, Rig.S5);

        assertThat(check(At.TRANSLATED, AccessType.WRITE, Rig.PA).end()).isEqualTo(End.REFUSED);
        assertThat(rig.events()).singleElement().isInstanceOf(Event.FTranslForbidden.class);
    }

    @Test
    void what_stalls_is_recorded_under_a_name_that_nothing_waits_for() {
        rig.ste(Rig.SID, Rig.S4[0], Rig.S4[1] & ~Ste.S1STALLD.mask());
        rig.put(Rig.CD, Rig.C1[0] | Cd.S.mask());

        assertThat(check(At.UNTRANSLATED, AccessType.WRITE, 0x1000).end()).isEqualTo(End.STALLED);
        assertThat(rig.events()).singleElement().isInstanceOfSatisfying(Event.FTranslation.class,
                event -> assertThat(event.fault().stall()).isTrue());
        rig.put(Rig.CD, Rig.C1);
        assertThat(check(At.UNTRANSLATED, AccessType.WRITE, Rig.IOVA).end()).isEqualTo(End.TRANSLATED);
    }

    @Test
    void nothing_is_recorded_of_an_smmu_that_has_failed() {
        rig.smmu.fail();

        assertThat(check(At.UNTRANSLATED, AccessType.WRITE, Rig.IOVA).end()).isEqualTo(End.REFUSED);
        assertThat(check(At.TRANSLATION_REQUEST, AccessType.WRITE, Rig.PAGE).status())
                .isEqualTo(CplStatus.CA);
        assertThat(rig.entries(SmmuEntry.EventRecorded.class)).isEmpty();
    }

    @Test
    void it_does_not_overtake_what_the_function_has_sent() {
        rig.function.writes(Rig.IOVA, 1);

        assertThatThrownBy(() -> check(At.UNTRANSLATED, AccessType.WRITE, Rig.IOVA))
                .isInstanceOf(IllegalStateException.class);
    }
}
