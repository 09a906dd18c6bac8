// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lazaret.machine.Unmodelled;
import lazaret.pcie.At;
import lazaret.pcie.AtsEntry;
import lazaret.pcie.CplStatus;
import lazaret.pcie.DownTlp;
import lazaret.pcie.Pasid;
import lazaret.pcie.Tlp;
import lazaret.smmuv3.Event;
import lazaret.smmuv3.Gbpa;
import lazaret.smmuv3.Idr0;
import lazaret.smmuv3.Idr5;
import lazaret.smmuv3.Reg;
import org.junit.jupiter.api.Test;

/** What becomes of each kind of transaction, and what the function and the event queue hear of it. */
class PortTest {
    private final Rig rig = Rig.on();

    private DownTlp answer() {
        rig.settle();
        return rig.function.last();
    }

    private static DownTlp translated(long entry) {
        return new DownTlp.TranslationCompletion(CplStatus.SC, 9, entry);
    }

    private static DownTlp refused(CplStatus status) {
        return new DownTlp.TranslationCompletion(status, 9, 0);
    }

    // Untranslated.

    /** Vector W1. */
    @Test
    void stage_1_translates_a_write_and_it_lands_in_a_step_of_its_own() {
        rig.function.writes(Rig.IOVA, 0xabcd);
        rig.run(Rig.PORT);

        assertThat(rig.ram.load(Rig.PA)).isZero();

        rig.step(Rig.LANDING);

        assertThat(rig.ram.load(Rig.PA)).isEqualTo(0xabcd);
        assertThat(rig.entries(SmmuEntry.DmaLanded.class)).containsExactly(
                new SmmuEntry.DmaLanded(Rig.SID, At.UNTRANSLATED, Rig.IOVA, Rig.PA, true, 0xabcd));
    }

    @Test
    void a_read_is_answered_with_what_memory_holds_when_it_lands() {
        rig.put(Rig.PA, 1);
        rig.function.reads(Rig.IOVA);
        rig.run(Rig.PORT);
        rig.put(Rig.PA, 2);

        assertThat(answer()).isEqualTo(new DownTlp.ReadCompletion(CplStatus.SC, 7, 2));
    }

    /** Vector W6. */
    @Test
    void a_write_to_a_read_only_page_is_recorded_word_for_word_and_a_read_passes() {
        rig.put(Rig.LEAF_AT, Rig.LEAF_RO);
        rig.function.writes(0x7F12_3456_7898L, 1);
        rig.function.reads(0x7F12_3456_7898L);
        rig.settle();

        assertThat(rig.event()).containsExactly(
                0x0000_0100_0000_0013L, 0x0000_0200_0000_0000L, 0x0000_7F12_3456_7898L, 0);
        assertThat(rig.entries(SmmuEntry.DmaRefused.class)).containsExactly(
                new SmmuEntry.DmaRefused(Rig.SID, At.UNTRANSLATED, Rig.IOVA, true, "F_PERMISSION"));
        assertThat(rig.function.last()).isInstanceOf(DownTlp.ReadCompletion.class);
    }

    @Test
    void a_read_of_what_is_not_mapped_aborts_with_an_event() {
        rig.function.reads(0x1000);

        assertThat(answer()).isEqualTo(new DownTlp.ReadCompletion(CplStatus.CA, 7, 0));
        assertThat(rig.event()).containsExactly(0x0000_0100_0000_0010L, 0x0000_0208_0000_0000L, 0x1000, 0);
    }

    /** Vector C4: CD.A=0. */
    @Test
    void where_the_cd_says_so_a_fault_reads_as_zero() {
        rig.put(Rig.CD, 0x0007_A205_C000_3510L);
        rig.function.reads(0x1000);

        assertThat(answer()).isEqualTo(new DownTlp.ReadCompletion(CplStatus.SC, 7, 0));
        assertThat(rig.events()).hasSize(1);
    }

    /** Vector W8. */
    @Test
    void without_the_access_flag_there_is_no_access() {
        rig.put(Rig.LEAF_AT, 0x8_AA55_DB47L);
        rig.function.writes(Rig.IOVA, 1);
        rig.settle();

        assertThat(rig.events()).singleElement().isInstanceOf(Event.FAccess.class);
    }

    /** Vector W10. */
    @Test
    void addresses_beyond_ips_are_faults_at_every_level() {
        rig.put(Rig.CD, 0x0007_E202_C000_3510L);
        rig.put(Rig.LEAF_AT, 0x100_0000_0F47L);
        rig.function.writes(Rig.IOVA, 1);
        rig.settle();
        assertThat(rig.events()).singleElement().isInstanceOf(Event.FAddrSize.class);

        rig.put(0x9_0B00_07F0L, 0x100_0000_1003L);
        rig.function.writes(Rig.IOVA, 1);
        rig.settle();
        assertThat(rig.events()).singleElement().isInstanceOf(Event.FAddrSize.class);
    }

    @Test
    void configuration_that_is_broken_is_recorded() {
        rig.ste(Rig.SID, Rig.S2);
        rig.function.writes(Rig.IOVA, 1);
        rig.settle();
        assertThat(rig.event()).containsExactly(0x0000_0100_0000_0004L, 0, 0, 0);

        rig.ste(Rig.SID, Rig.S4);
        rig.put(Rig.CD, 0);
        rig.function.writes(Rig.IOVA, 1);
        rig.settle();
        assertThat(rig.event()).containsExactly(0x0000_0100_0000_000AL, 0, 0, 0);
    }

    @Test
    void fetches_from_where_there_is_no_memory_are_recorded_with_their_address() {
        rig.put(0x9_0B00_07F0L, 0x100_0000_1003L);
        rig.function.writes(Rig.IOVA, 1);
        rig.settle();
        assertThat(rig.event()).containsExactly(0x0000_0100_0000_000BL, 0x0000_0100_0000_0000L, Rig.IOVA,
                0x100_0000_1240L);

        rig.ste(Rig.SID, 0x0000_0100_0000_000BL, Rig.S4[1]);
        rig.function.writes(Rig.IOVA, 1);
        rig.settle();
        assertThat(rig.event()).containsExactly(0x0000_0100_0000_0009L, 0, 0, 0x100_0000_0000L);
    }

    @Test
    void a_stream_table_without_memory_is_recorded_with_its_address() {
        rig.enable(0);
        rig.write64(Reg.STRTAB_BASE, 1L << 40);
        rig.enable(Rig.ALL_ON);
        rig.function.writes(Rig.IOVA, 1);
        rig.settle();

        assertThat(rig.event()).containsExactly(0x0000_0100_0000_0003L, 0, 0, (1L << 40) + 0x4000);
    }

    @Test
    void a_stream_beyond_the_table_is_recorded_only_if_software_wants_to_know() {
        for (int cr2 : new int[] {0, 2}) {
            rig.enable(0);
            rig.write(Reg.STRTAB_BASE_CFG, 8);
            rig.write(Reg.CR2, cr2);
            rig.enable(Rig.ALL_ON);
            rig.function.writes(Rig.IOVA, 1);
            rig.settle();

            assertThat(rig.events()).hasSize(cr2 == 0 ? 0 : 1);
        }
        assertThat(rig.entries(SmmuEntry.DmaRefused.class)).extracting(SmmuEntry.DmaRefused::why)
                .containsExactly("abort", "C_BAD_STREAMID");
    }

    @Test
    void abort_is_silent_and_bypass_passes_as_it_is() {
        rig.ste(Rig.SID, Rig.S1);
        rig.function.writes(0x5000, 1);
        rig.settle();
        assertThat(rig.ram.load(0x5000)).isZero();

        rig.ste(Rig.SID, Rig.S3);
        rig.function.writes(0x5000, 1);
        rig.function.writes(1L << 50, 1);
        rig.settle();
        assertThat(rig.ram.load(0x5000)).isEqualTo(1);
        assertThat(rig.events()).singleElement().isInstanceOf(Event.FAddrSize.class);
    }

    @Test
    void while_the_smmu_is_off_gbpa_decides() {
        rig.enable(Rig.EVENTQEN);
        rig.function.writes(0x5000, 1);
        rig.settle();
        assertThat(rig.ram.load(0x5000)).isEqualTo(1);

        rig.write(Reg.GBPA, (int) (Gbpa.UPDATE.mask() | Gbpa.ABORT.mask()));
        rig.function.writes(0x5000, 2);
        rig.step(Rig.PORT);
        rig.settle();
        rig.function.writes(0x5000, 3);
        rig.settle();

        assertThat(rig.ram.load(0x5000)).isEqualTo(2);          // it was past its check before GBPA changed
        assertThat(rig.events()).isEmpty();
    }

    @Test
    void what_passes_to_where_there_is_no_memory_is_lost_or_unsupported() {
        rig.ste(Rig.SID, Rig.S3);
        rig.function.writes(1L << 40, 1);
        rig.function.reads(1L << 40);

        assertThat(answer()).isEqualTo(new DownTlp.ReadCompletion(CplStatus.UR, 7, 0));
        assertThat(rig.entries(SmmuEntry.DmaRefused.class)).hasSize(2)
                .allMatch(e -> e.why().equals("no memory"));
        assertThat(rig.events()).isEmpty();
    }

    @Test
    void a_pasid_needs_substreams() {
        rig.function.port.send(
                new Tlp.MemWrite(Rig.SID, At.UNTRANSLATED, 3, Rig.IOVA, 1, Rig.IOVA));
        rig.settle();

        assertThat(rig.event()).containsExactly(0x0000_0100_0000_3808L, 0, 0, 0);
    }

    // Translation requests.

    /** Vectors T1, T2, T4. */
    @Test
    void a_translation_request_is_answered_with_what_the_page_permits() {
        rig.function.asks(Rig.PAGE);
        assertThat(answer()).isEqualTo(translated(0x8_AA55_D003L));

        rig.put(Rig.LEAF_AT, Rig.LEAF_RO);
        rig.function.asks(Rig.PAGE);
        assertThat(answer()).isEqualTo(translated(0x8_AA55_D001L));

        rig.put(Rig.LEAF_AT, 0x8_AA55_DB47L);
        rig.function.asks(Rig.PAGE);
        assertThat(answer()).isEqualTo(translated(0));

        rig.function.asks(0x1000);
        assertThat(answer()).isEqualTo(translated(0));
        assertThat(rig.events()).isEmpty();
    }

    @Test
    void a_request_with_a_pasid_may_ask_for_execution() {
        rig.ste(Rig.SID, Rig.S4[0] | 1L << 59, Rig.S4[1] | 2);
        rig.put(Rig.CD + 64, Rig.C1);
        for (boolean exec : new boolean[] {false, true}) {
            rig.function.port.send(
                    new Tlp.TranslationRequest(Rig.SID, 1, exec, false, false, Rig.PAGE, 9));
            assertThat(answer()).isEqualTo(translated(exec ? 0x8_AA55_D00BL : 0x8_AA55_D003L));
        }
    }

    /** The 2 MiB vector behind A11. */
    @Test
    void a_block_is_answered_with_its_size() {
        rig.put(0x9_0B00_2D10L, 0x8_C000_0F45L);
        rig.function.asks(Rig.PAGE);
        rig.settle();

        assertThat(rig.function.last()).isEqualTo(translated(0x8_C00F_F803L));
        assertThat(AtsEntry.translate(0x8_C00F_F803L, Rig.IOVA)).isEqualTo(0x8_C016_7898L);
    }

    /** Vector T6. */
    @Test
    void a_translation_request_is_refused_by_bypass_quarantine_abort_and_a_broken_ste() {
        rig.ste(Rig.SID, Rig.S3);
        rig.function.asks(Rig.PAGE);
        assertThat(answer()).isEqualTo(refused(CplStatus.UR));
        assertThat(rig.events()).singleElement().isInstanceOf(Event.FBadAtsTreq.class);

        rig.ste(Rig.SID, Rig.S5);
        rig.function.asks(Rig.PAGE);
        assertThat(answer()).isEqualTo(refused(CplStatus.UR));
        assertThat(rig.events()).singleElement().isInstanceOf(Event.FBadAtsTreq.class);

        rig.ste(Rig.SID, Rig.S1);
        rig.function.asks(Rig.PAGE);
        assertThat(answer()).isEqualTo(refused(CplStatus.UR));

        rig.ste(Rig.SID, Rig.S2);
        rig.function.asks(Rig.PAGE);
        assertThat(answer()).isEqualTo(refused(CplStatus.CA));
        assertThat(rig.events()).isEmpty();
    }

    @Test
    void configuration_errors_of_ats_traffic_are_recorded_if_software_wants_to_know() {
        rig.enable(0);
        rig.write(Reg.CR2, 0xa);
        rig.enable(Rig.ALL_ON);
        rig.ste(Rig.SID, Rig.S2);
        rig.function.asks(Rig.PAGE);
        rig.function.writesTranslated(Rig.PA, 1);
        rig.settle();

        assertThat(rig.events()).hasSize(2).allMatch(Event.CBadSte.class::isInstance);
    }

    // Translated.

    /** Vector T7; V10 is the event of the second. */
    @Test
    void a_translated_write_is_checked_against_the_ste() {
        rig.function.writesTranslated(Rig.PA, 1);
        rig.settle();
        assertThat(rig.ram.load(Rig.PA)).isEqualTo(1);

        rig.ste(Rig.SID, Rig.S5);
        rig.function.writesTranslated(0x8_8000_1000L, 2);
        rig.settle();
        assertThat(rig.event()).containsExactly(0x0000_0100_0000_0007L, 0, 0x8_8000_1000L, 0);

        rig.ste(Rig.SID, Rig.S1);
        rig.function.writesTranslated(Rig.PA, 3);
        rig.settle();
        assertThat(rig.events()).isEmpty();

        rig.ste(Rig.SID, Rig.S3);
        rig.function.readsTranslated(Rig.PA);
        rig.settle();
        assertThat(rig.events()).singleElement().isInstanceOf(Event.FTranslForbidden.class);
        assertThat(rig.function.last()).isEqualTo(new DownTlp.ReadCompletion(CplStatus.CA, 7, 0));
        assertThat(rig.ram.load(Rig.PA)).isEqualTo(1);
    }

    /** Vector T8. */
    @Test
    void with_atschk_0_translated_writes_pass_whatever_the_ste_says() {
        Rig fast = new Rig();
        fast.queues();
        fast.write(Reg.STRTAB_BASE_CFG, 0);                     // SID out of range, too
        fast.enable(Rig.ALL_ON & ~Rig.ATSCHK);
        fast.function.writesTranslated(0x5000, 1);
        fast.settle();

        assertThat(fast.ram.load(0x5000)).isEqualTo(1);
        assertThat(fast.events()).isEmpty();
    }

    @Test
    void while_the_smmu_is_off_ats_traffic_is_refused() {
        rig.enable(0);
        rig.function.writesTranslated(Rig.PA, 1);
        rig.function.asks(Rig.PAGE);

        assertThat(answer()).isEqualTo(refused(CplStatus.UR));
        assertThat(rig.ram.load(Rig.PA)).isZero();
    }

    @Test
    void an_smmu_without_ats_knows_no_eats() {
        Rig without = Rig.on(p -> p.with(Idr0.ATS, 0));
        without.function.asks(Rig.PAGE);
        without.settle();

        assertThat(without.function.last()).isEqualTo(refused(CplStatus.UR));
    }

    @Test
    void stage_2_is_illegal_where_the_smmu_has_none() {
        rig.ste(Rig.SID, 0xd, 0, 0x044D_3558_0000_0005L, 0x9_0A00_0000L);
        rig.function.writes(Rig.IOVA, 1);
        rig.settle();

        assertThat(rig.events()).singleElement().isInstanceOf(Event.CBadSte.class);
    }

    // Order.

    @Test
    void posted_writes_land_in_the_order_in_which_they_were_sent() {
        rig.function.writes(Rig.IOVA, 1);
        rig.function.writesTranslated(Rig.PA, 2);
        rig.function.writes(Rig.IOVA, 3);
        rig.run(Rig.PORT);

        rig.step(Rig.LANDING);
        assertThat(rig.ram.load(Rig.PA)).isEqualTo(1);
        rig.step(Rig.LANDING);
        assertThat(rig.ram.load(Rig.PA)).isEqualTo(2);
        rig.step(Rig.LANDING);
        assertThat(rig.ram.load(Rig.PA)).isEqualTo(3);
    }

    @Test
    void one_function_does_not_hold_up_another() {
        rig.ste(Rig.OTHER, Rig.S3);
        rig.function.writes(Rig.IOVA, 1);
        rig.step(Rig.PORT);
        rig.other.writes(0x5000, 5);
        rig.run("smmu port 0x101");
        rig.run("smmu landing 0x101");

        assertThat(rig.ram.load(0x5000)).isEqualTo(5);
    }

    @Test
    void translation_requests_and_reads_do_not_overtake_writes() {
        rig.function.writes(Rig.IOVA, 1);
        rig.function.reads(Rig.IOVA);
        rig.run(Rig.PORT);
        assertThat(rig.function.received).isEmpty();

        assertThat(answer()).isEqualTo(new DownTlp.ReadCompletion(CplStatus.SC, 7, 1));
    }
}
