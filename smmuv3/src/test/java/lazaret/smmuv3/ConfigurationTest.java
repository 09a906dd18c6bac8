// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import static lazaret.smmuv3.Setup.CD;
import static lazaret.smmuv3.Setup.CDTAB;
import static lazaret.smmuv3.Setup.PA;
import static lazaret.smmuv3.Setup.SID;
import static lazaret.smmuv3.Setup.STE;
import static lazaret.smmuv3.Setup.STRTAB;
import static lazaret.smmuv3.Setup.VA;
import static lazaret.smmuv3.Setup.aborted;
import static lazaret.smmuv3.Setup.fault;
import static lazaret.smmuv3.Setup.fetch;
import static lazaret.smmuv3.Setup.origin;
import static lazaret.smmuv3.Setup.withSsid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lazaret.machine.Unmodelled;
import org.junit.jupiter.api.Test;

/** The way of a walk from a stream to its CD. */
class ConfigurationTest {
    private static final Outcome SILENCE = new Outcome.Refused(null, true);
    private static final long TABLE = 0x8_8120_0000L;
    private static final long LEAF = 0x8_8124_0000L;

    private final Setup setup = new Setup();

    @Test
    void an_smmu_that_is_off_passes_everything_that_it_can_address() {
        setup.cr0 = 0;
        assertThat(setup.write(0x1234)).isEqualTo(new Outcome.Translated(0x1234, Translation.IDENTITY));
        assertThat(setup.write(1L << 48)).isEqualTo(SILENCE);
        setup.gbpa = Gbpa.ABORT.prep(true);
        assertThat(setup.write(0x1234)).isEqualTo(SILENCE);
    }

    @Test
    void a_stream_beyond_the_table_is_recorded_if_wanted() {
        var beyond = Transaction.untranslated(0x1_0000, AccessType.READ, VA);
        assertThat(setup.run(beyond)).isEqualTo(
                aborted(new Event.CBadStreamid(new Event.Origin(0x1_0000, false, 0))));
        setup.cr2();
        assertThat(setup.run(beyond)).isEqualTo(SILENCE);
    }

    @Test
    void a_two_level_table_leads_through_its_descriptor() {
        setup.strtabBase = TABLE;
        setup.strtabBaseCfg = StrtabBaseCfg.LOG2SIZE.prep(16) | StrtabBaseCfg.SPLIT.prep(8)
                | StrtabBaseCfg.FMT.prep(StreamTable.Fmt.TWO_LEVEL);
        setup.memory.store(TABLE + 8, STRTAB + 0x100 * 64 | 9);
        assertThat(setup.read(VA)).isInstanceOf(Outcome.Translated.class);

        setup.memory.store(TABLE + 8, 0);
        assertThat(setup.read(VA)).isEqualTo(aborted(new Event.CBadStreamid(origin())));
        setup.memory.store(TABLE + 8, 0xff_0000_0000_0009L);
        assertThat(setup.read(VA)).as("L2Ptr out of range").isEqualTo(
                aborted(new Event.FSteFetch(origin(), fetch(0xff_0000_0000_0000L))));
    }

    @Test
    void a_stream_table_that_cannot_be_read_is_recorded_with_the_address() {
        setup.strtabBase = 1L << 41;
        assertThat(setup.read(VA)).isEqualTo(
                aborted(new Event.FSteFetch(origin(), fetch((1L << 41) + SID * 64))));
        setup.strtabBase = 1L << 50;
        assertThat(setup.read(VA)).isEqualTo(
                aborted(new Event.FSteFetch(origin(), fetch((1L << 50) + SID * 64))));
    }

    @Test
    void an_invalid_or_illegal_ste_is_bad() {
        setup.ste(Ste.V, 0);
        Walk.Done done = setup.whole(AccessType.READ, VA);
        assertThat(done.outcome()).isEqualTo(aborted(new Event.CBadSte(origin())));
        assertThat(done.ste()).as("may be cached").isNotNull();

        setup.ste(Ste.EATS, 2);
        assertThat(setup.read(VA)).isEqualTo(aborted(new Event.CBadSte(origin())));
    }

    @Test
    void config_abort_aborts_without_a_word_and_without_reading_on() {
        setup.ste(Ste.of(1, -1, -1, -1, -1, -1, -1, -1));
        Walk.Done done = setup.whole(AccessType.READ, VA);

        assertThat(done.outcome()).isEqualTo(SILENCE);
        assertThat(done.ste()).isEqualTo(Ste.of(1, 0, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void config_bypass_passes_what_the_smmu_can_address() {
        setup.ste(Ste.CONFIG, 4);

        assertThat(setup.read(0x1234)).isEqualTo(new Outcome.Translated(0x1234, Translation.IDENTITY));
        assertThat(setup.read(1L << 48)).isEqualTo(
                aborted(new Event.FAddrSize(origin(), fault(AccessType.READ, 1L << 48))));
        assertThat(setup.run(withSsid(3, 0x1234))).isEqualTo(aborted(new Event.CBadSubstreamid(origin(3))));
    }

    @Test
    void a_stream_without_substreams_takes_none() {
        assertThat(setup.run(withSsid(0, VA))).isEqualTo(aborted(new Event.CBadSubstreamid(origin(0))));
    }

    @Test
    void a_substream_has_its_own_cd_in_a_linear_table() {
        setup.ste(STE.with(Ste.S1CDMAX, 3));
        setup.cd(CDTAB + 5 * 64, CD);

        assertThat(setup.run(withSsid(5, VA))).isInstanceOf(Outcome.Translated.class);
        assertThat(setup.run(withSsid(6, VA))).isEqualTo(aborted(new Event.CBadCd(origin(6))));
        assertThat(setup.run(withSsid(8, VA))).isEqualTo(aborted(new Event.CBadSubstreamid(origin(8))));
    }

    @Test
    void c10_a_two_level_cd_table_leads_through_its_descriptor() {
        setup.ste(Ste.of(0x5000_0008_8120_002BL, 0x0000_0000_1000_00D6L, 0, 0, 0, 0, 0, 0));
        setup.memory.store(TABLE, 0x0000_0008_8124_0001L);
        setup.cd(LEAF + 5 * 64, CD);

        assertThat(setup.run(withSsid(5, VA))).isInstanceOf(Outcome.Translated.class);
        setup.memory.store(TABLE, 0x0000_0008_8124_0000L);
        assertThat(setup.run(withSsid(5, VA))).isEqualTo(aborted(new Event.CBadSubstreamid(origin(5))));
        setup.memory.store(TABLE, 0x00ff_0000_0000_0001L);
        assertThat(setup.run(withSsid(5, VA))).isEqualTo(aborted(new Event.CBadSubstreamid(origin(5))));
    }

    @Test
    void leaves_of_4_kib_hold_64_cds() {
        setup.ste(Ste.of(0x5000_0008_8120_001BL, 0x0000_0000_1000_00D6L, 0, 0, 0, 0, 0, 0));
        setup.memory.store(TABLE + 2 * 8, LEAF | 1);
        setup.memory.store(TABLE + 3 * 8, LEAF | 1);
        setup.cd(LEAF + 3 * 64, CD);

        assertThat(setup.run(withSsid(2 * 64 + 3, VA))).isInstanceOf(Outcome.Translated.class);
        assertThat(setup.run(withSsid(3 * 64 + 3, VA))).isInstanceOf(Outcome.Translated.class);
    }

    @Test
    void cd_tables_are_aligned_to_their_size() {
        setup.ste(STE.with(Ste.S1CDMAX, 3).with(Ste.S1CONTEXTPTR, (CDTAB | 0x1c0) >> 6));
        setup.cd(CDTAB + 5 * 64, CD);
        assertThat(setup.run(withSsid(5, VA))).isInstanceOf(Outcome.Translated.class);

        setup.ste(STE.with(Ste.S1CDMAX, 10).with(Ste.S1FMT, 1).with(Ste.S1CONTEXTPTR, (TABLE | 0x40) >> 6));
        setup.memory.store(TABLE + 2 * 8, LEAF | 1);
        setup.cd(LEAF + 3 * 64, CD);
        assertThat(setup.run(withSsid(2 * 64 + 3, VA))).isInstanceOf(Outcome.Translated.class);

        setup.ste(STE.with(Ste.S1CDMAX, 4).with(Ste.S1FMT, 1).with(Ste.S1CONTEXTPTR, (TABLE | 0x40) >> 6));
        setup.memory.store(TABLE + 0x40, LEAF | 1);
        assertThat(setup.run(withSsid(3, VA))).as("at least 64 bytes").isInstanceOf(Outcome.Translated.class);
    }

    @Test
    void a_single_cd_has_no_table_whatever_the_format_says() {
        setup.ste(STE.with(Ste.S1FMT, 1));

        assertThat(setup.read(VA)).isInstanceOf(Outcome.Translated.class);
    }

    @Test
    void a_feature_that_is_not_asked_for_or_not_there_is_no_reason_to_stop() {
        setup.idr = setup.idr.with(Idr3.S1PI, 1).with(Idr0.HTTU, 3);
        assertThat(setup.read(VA)).isInstanceOf(Outcome.Translated.class);

        setup.idr = Vectors.IDR;
        setup.ste(Ste.S1PIE, 1);
        setup.cd(CDTAB, CD.with(Cd.HA, 1).with(Cd.HAFT, 1));
        assertThat(setup.read(VA)).isInstanceOf(Outcome.Translated.class);
    }

    @Test
    void traffic_without_substream_goes_where_s1dss_says() {
        Ste substreams = STE.with(Ste.S1CDMAX, 3);

        setup.ste(substreams.with(Ste.S1DSS, Ste.S1Dss.TERMINATE));
        assertThat(setup.read(VA)).isEqualTo(aborted(new Event.FStreamDisabled(origin())));
        setup.ste(substreams.with(Ste.S1DSS, 3));
        assertThat(setup.read(VA)).isEqualTo(aborted(new Event.FStreamDisabled(origin())));

        setup.ste(substreams.with(Ste.S1DSS, Ste.S1Dss.BYPASS));
        assertThat(setup.read(0x1234)).isEqualTo(new Outcome.Translated(0x1234, Translation.IDENTITY));
        assertThat(setup.read(1L << 48)).isEqualTo(
                aborted(new Event.FAddrSize(origin(), fault(AccessType.READ, 1L << 48))));

        setup.ste(substreams.with(Ste.S1DSS, Ste.S1Dss.SSID0));
        assertThat(setup.read(VA)).isInstanceOf(Outcome.Translated.class);
        assertThat(setup.run(withSsid(0, VA))).isEqualTo(aborted(new Event.FStreamDisabled(origin(0))));
    }

    @Test
    void an_smmu_without_substreams_does_not_look_at_s1cdmax() {
        setup.idr = setup.idr.with(Idr1.SSIDSIZE, 0);
        setup.ste(STE.with(Ste.S1CDMAX, 3).with(Ste.S1DSS, 0));

        assertThat(((Outcome.Translated) setup.read(VA)).pa()).isEqualTo(PA);
    }

    @Test
    void a_cd_that_cannot_be_read_is_recorded_with_the_address() {
        setup.ste(STE.with(Ste.S1CONTEXTPTR, (1L << 41) >> 6));

        assertThat(setup.read(VA)).isEqualTo(aborted(new Event.FCdFetch(origin(), fetch(1L << 41))));
    }

    @Test
    void a_cd_can_ask_for_what_is_not_modelled() {
        setup.cd(Cd.PIE, 1);
        assertThat(setup.read(VA)).as("reserved without IDR3.S1PI").isInstanceOf(Outcome.Translated.class);
        setup.idr = setup.idr.with(Idr3.S1PI, 1);
        assertThatThrownBy(() -> setup.read(VA)).isInstanceOf(Unmodelled.class).hasMessageContaining("PIE");

        setup.idr = setup.idr.with(Idr3.S1PI, 0);
        setup.idr = setup.idr.with(Idr0.TTF, 3);
        setup.cd(Cd.AA64, 0);
        assertThatThrownBy(() -> setup.read(VA)).isInstanceOf(Unmodelled.class).hasMessageContaining("LPAE");
        setup.cd(Cd.ENDI, 1);
        assertThatThrownBy(() -> setup.read(VA)).isInstanceOf(Unmodelled.class).hasMessageContaining("ENDI");
        setup.idr = setup.idr.with(Idr0.HTTU, 3);
        setup.cd(CDTAB, CD.with(Cd.HA, 1).with(Cd.HAFT, 1));
        assertThatThrownBy(() -> setup.read(VA)).isInstanceOf(Unmodelled.class).hasMessageContaining("HAFT");
        setup.idr = setup.idr.with(Idr3.S1PI, 1);
        setup.ste(Ste.S1PIE, 1);
        assertThatThrownBy(() -> setup.read(VA)).isInstanceOf(Unmodelled.class).hasMessageContaining("S1PIE");
    }
}
