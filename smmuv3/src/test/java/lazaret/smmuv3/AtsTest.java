// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import static lazaret.smmuv3.Setup.CDTAB;
import static lazaret.smmuv3.Setup.L3;
import static lazaret.smmuv3.Setup.PA;
import static lazaret.smmuv3.Setup.SID;
import static lazaret.smmuv3.Setup.STE;
import static lazaret.smmuv3.Setup.VA;
import static lazaret.smmuv3.Setup.aborted;
import static lazaret.smmuv3.Setup.origin;
import static lazaret.smmuv3.Setup.translated;
import static lazaret.smmuv3.Setup.translationRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lazaret.machine.Unmodelled;
import lazaret.pcie.At;
import lazaret.pcie.CplStatus;
import lazaret.pcie.Pasid;
import org.junit.jupiter.api.Test;

/** Translation requests and translated transactions. Tests named after a vector begin with its number. */
class AtsTest {
    private static final long RO_PAGE = 0x8_AA55_DFC7L;
    private static final Ste S1 = Ste.of(1, 0, 0, 0, 0, 0, 0, 0);
    private static final Ste S2 = Ste.of(0, 0, 0, 0, 0, 0, 0, 0);
    private static final Ste S3 = Ste.of(9, 0x0000_1000_0000_0000L, 0, 0, 0, 0, 0, 0);
    private static final Ste S4 = Ste.of(0x0000_0008_8123_000BL, 0x0000_0000_9800_00D6L, 0, 0, 0, 0, 0, 0);
    private static final Ste S5 = Ste.of(0x0000_0008_8123_000BL, 0x0000_0000_8800_00D6L, 0, 0, 0, 0, 0, 0);
    private static final Outcome SILENCE = aborted(null);
    private static final Outcome NOTHING = new Outcome.Answered(CplStatus.SC, 0, null);

    private Setup setup = new Setup();

    @Test
    void t1_a_request_learns_address_size_and_rights() {
        assertThat(request()).isEqualTo(granted(0x8_AA55_D003L));
    }

    @Test
    void t2_a_read_only_page_is_granted_for_reading() {
        setup.memory.store(L3, RO_PAGE);

        assertThat(request()).isEqualTo(granted(0x8_AA55_D001L));
    }

    @Test
    void t4_a_page_without_access_flag_is_not_granted() {
        setup.memory.store(L3, 0x8_AA55_DB47L);

        assertThat(request()).isEqualTo(NOTHING);
    }

    @Test
    void t6_a_request_is_answered_as_the_stream_is_configured() {
        var event = new Event.FBadAtsTreq(origin(), VA & ~0xfffL);

        setup.ste(S3);
        assertThat(request()).isEqualTo(new Outcome.Answered(CplStatus.UR, 0, event));
        setup.ste(S5);
        assertThat(request()).isEqualTo(new Outcome.Answered(CplStatus.UR, 0, event));
        setup.ste(S1);
        assertThat(request()).isEqualTo(new Outcome.Answered(CplStatus.UR, 0, null));
        setup.ste(S2);
        assertThat(request()).isEqualTo(new Outcome.Answered(CplStatus.CA, 0, null));
        setup.cr2(Cr2.REC_CFG_ATS);
        assertThat(request()).isEqualTo(new Outcome.Answered(CplStatus.CA, 0, new Event.CBadSte(origin())));
    }

    @Test
    void t7_a_translated_write_is_checked_against_the_stream() {
        var write = translated(AccessType.WRITE, 0x8_8000_1000L);
        var event = new Event.FTranslForbidden(origin(), true, 0x8_8000_1000L);

        setup.ste(S4);
        assertThat(setup.run(write)).isEqualTo(new Outcome.Translated(0x8_8000_1000L, Translation.IDENTITY));
        setup.ste(S5);
        assertThat(setup.run(write)).isEqualTo(aborted(event));
        setup.ste(S1);
        assertThat(setup.run(write)).isEqualTo(SILENCE);
        setup.ste(S3);
        assertThat(setup.run(write)).isEqualTo(aborted(event));
    }

    @Test
    void t8_without_atschk_nothing_is_checked() {
        setup.cr0 = Cr0.SMMUEN.prep(true);
        for (Ste ste : new Ste[] {S4, S5, S1, S3, S2}) {
            setup.ste(ste);
            assertThat(setup.run(translated(AccessType.WRITE, 0x8_8000_1000L)))
                    .isEqualTo(new Outcome.Translated(0x8_8000_1000L, Translation.IDENTITY));
        }
        var unknown = new Transaction(-1, Pasid.NONE, At.TRANSLATED, AccessType.WRITE, 0x1000);
        assertThat(setup.run(unknown)).isEqualTo(new Outcome.Translated(0x1000, Translation.IDENTITY));
    }

    @Test
    void eats_amounts_to_something_only_where_the_stream_translates_and_the_smmu_can() {
        setup.idr = setup.idr.with(Idr3.DPT, 1);
        Ste dpt = STE.with(Ste.EATS, Ste.Eats.DPT);
        assertThat(Ats.effective(STE, setup.regs())).isEqualTo(Ste.Eats.TRANS);
        assertThat(Ats.effective(dpt, setup.regs())).isEqualTo(Ste.Eats.DPT);
        Ste bypass = STE.with(Ste.CONFIG, Ste.Config.BYPASS);
        assertThat(Ats.effective(bypass, setup.regs())).isEqualTo(Ste.Eats.ABT);

        setup.cr0 = Cr0.SMMUEN.prep(true);
        assertThat(Ats.effective(STE, setup.regs())).isEqualTo(Ste.Eats.TRANS);
        assertThat(Ats.effective(dpt, setup.regs())).as("ATSCHK=0").isEqualTo(Ste.Eats.ABT);
        setup = new Setup();
        assertThat(Ats.effective(dpt, setup.regs())).as("IDR3.DPT=0").isEqualTo(Ste.Eats.ABT);
        setup.idr = setup.idr.with(Idr0.ATS, 0);
        assertThat(Ats.effective(STE, setup.regs())).as("IDR0.ATS=0").isEqualTo(Ste.Eats.ABT);
    }

    @Test
    void ats_does_not_work_while_the_smmu_is_off() {
        setup.cr0 = Cr0.ATSCHK.prep(true);

        assertThat(request()).isEqualTo(
                new Outcome.Answered(CplStatus.UR, 0, new Event.FBadAtsTreq(origin(), VA & ~0xfffL)));
        assertThat(setup.run(translated(AccessType.READ, 0x1000))).isEqualTo(
                aborted(new Event.FTranslForbidden(origin(), false, 0x1000)));
    }

    @Test
    void a_translated_address_that_does_not_exist_is_aborted() {
        assertThat(setup.run(translated(AccessType.READ, 1L << 48))).isEqualTo(SILENCE);
    }

    @Test
    void a_pasid_on_a_translated_transaction_is_not_looked_at() {
        var write = new Transaction(SID, 3, At.TRANSLATED, AccessType.WRITE, 0x1000);
        assertThat(setup.run(write)).isEqualTo(new Outcome.Translated(0x1000, Translation.IDENTITY));

        setup.idr = setup.idr.with(Idr3.PASIDTT, 1);
        assertThat(setup.run(translated(AccessType.WRITE, 0x1000)))
                .isEqualTo(new Outcome.Translated(0x1000, Translation.IDENTITY));
    }

    @Test
    void faults_are_answers_and_the_cd_has_no_say_in_it() {
        setup.memory.store(L3, 0);
        assertThat(request()).isEqualTo(NOTHING);
        setup.cd(CDTAB, Setup.CD.with(Cd.S, 1));
        assertThat(request()).isEqualTo(NOTHING);
        setup.cd(CDTAB, Setup.CD.with(Cd.IPS, 2));
        setup.memory.store(L3, 0x100_0000_0F47L);
        assertThat(request()).isEqualTo(NOTHING);
    }

    @Test
    void a_privileged_page_is_granted_to_the_privileged() {
        setup.memory.store(L3, 0x8_AA55_DF07L);
        setup.ste(STE.with(Ste.S1CDMAX, 3));
        setup.cd(CDTAB + 3 * 64, Setup.CD);

        assertThat(setup.run(ask(3, new AccessType(true, false, false)))).isEqualTo(NOTHING);
        assertThat(setup.run(ask(3, new AccessType(true, false, true)))).isEqualTo(granted(0x8_AA55_D013L));
        assertThat(setup.run(ask(3, new AccessType(true, true, true)))).isEqualTo(granted(0x8_AA55_D01BL));
    }

    @Test
    void overrides_decide_what_executing_and_reading_need() {
        Ste substreams = STE.with(Ste.S1CDMAX, 3);
        setup.cd(CDTAB + 3 * 64, Setup.CD);
        var execute = ask(3, new AccessType(false, true, false));
        setup.memory.store(L3, RO_PAGE | Pte.UXN.mask());

        setup.ste(substreams);
        assertThat(setup.run(execute)).isEqualTo(granted(0x8_AA55_D001L));
        setup.ste(substreams.with(Ste.INSTCFG, Ste.InstCfg.DATA));
        assertThat(setup.run(execute)).as("without IDR1.ATTR_PERMS_OVR").isEqualTo(granted(0x8_AA55_D001L));
        setup.idr = setup.idr.with(Idr1.ATTR_PERMS_OVR, 1);
        assertThat(setup.run(execute)).isEqualTo(granted(0x8_AA55_D009L));
        setup.ste(substreams.with(Ste.INSTCFG, Ste.InstCfg.INST));
        assertThat(setup.run(execute)).isEqualTo(NOTHING);
        setup.memory.store(L3, 0x8_AA55_DF07L);
        assertThat(setup.run(execute)).as("execute-only, read as inst").isEqualTo(granted(0x8_AA55_D009L));
        setup.ste(substreams);
        assertThat(setup.run(execute)).as("execute-only").isEqualTo(NOTHING);
    }

    @Test
    void a_stream_that_skips_stage_1_is_granted_everything_as_it_is() {
        setup.ste(STE.with(Ste.S1CDMAX, 3).with(Ste.S1DSS, Ste.S1Dss.BYPASS));

        assertThat(request()).isEqualTo(granted(0x7FFF_FFFF_FFFF_F803L));
    }

    @Test
    void configuration_mistakes_are_heard_of_only_where_software_wants_to() {
        setup.ste(STE.with(Ste.S1CDMAX, 3));
        setup.cd(CDTAB, Setup.CD.with(Cd.V, 0));
        assertThat(request()).isEqualTo(new Outcome.Answered(CplStatus.CA, 0, null));
        setup.cr2(Cr2.REC_CFG_ATS);
        assertThat(request()).isEqualTo(new Outcome.Answered(CplStatus.CA, 0, new Event.CBadCd(origin())));
        setup.idr = setup.idr.with(Idr0.ATSRECERR, 0);
        assertThat(request()).isEqualTo(new Outcome.Answered(CplStatus.CA, 0, null));
    }

    @Test
    void an_unknown_stream_is_heard_of_on_two_conditions_or_on_one() {
        setup.strtabBaseCfg = StrtabBaseCfg.LOG2SIZE.prep(4);
        var translated = translated(AccessType.READ, 0x1000);
        Event event = new Event.CBadStreamid(origin());

        setup.cr2(Cr2.RECINVSID);
        assertThat(request()).isEqualTo(new Outcome.Answered(CplStatus.CA, 0, null));
        assertThat(setup.run(translated)).isEqualTo(SILENCE);
        setup.cr2(Cr2.REC_CFG_ATS);
        assertThat(request()).isEqualTo(new Outcome.Answered(CplStatus.CA, 0, null));
        assertThat(setup.run(translated)).isEqualTo(aborted(event));
        setup.cr2(Cr2.REC_CFG_ATS, Cr2.RECINVSID);
        assertThat(request()).isEqualTo(new Outcome.Answered(CplStatus.CA, 0, event));
    }

    @Test
    void what_is_not_modelled_of_ats_says_so() {
        setup.idr = setup.idr.with(Idr3.DPT, 1).with(Idr3.PASIDTT, 1);
        setup.ste(STE.with(Ste.EATS, Ste.Eats.DPT));
        assertThatThrownBy(() -> setup.run(translated(AccessType.READ, 0x1000)))
                .isInstanceOf(Unmodelled.class).hasMessageContaining("DPT");
        setup.ste(STE);
        assertThatThrownBy(() -> setup.run(new Transaction(SID, 3, At.TRANSLATED, AccessType.READ, 0x1000)))
                .isInstanceOf(Unmodelled.class).hasMessageContaining("PASIDTT");
    }

    @Test
    void an_answer_and_an_access_agree_on_where_a_page_is() {
        var answer = (Outcome.Answered) request();
        var access = (Outcome.Translated) setup.write(VA);

        assertThat(lazaret.pcie.AtsEntry.translate(answer.entry(), VA)).isEqualTo(access.pa()).isEqualTo(PA);
    }

    private Outcome request() {
        return setup.run(translationRequest(VA & ~0xfffL));
    }

    private static Transaction ask(int pasid, AccessType type) {
        return new Transaction(SID, pasid, At.TRANSLATION_REQUEST, type, VA & ~0xfffL);
    }

    private static Outcome granted(long entry) {
        return new Outcome.Answered(CplStatus.SC, entry, null);
    }
}
