// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import static lazaret.smmuv3.Setup.SID;
import static lazaret.smmuv3.Setup.aborted;
import static lazaret.smmuv3.Setup.fetch;
import static lazaret.smmuv3.Setup.origin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import java.util.function.LongPredicate;
import lazaret.machine.Unmodelled;
import lazaret.pcie.At;
import lazaret.pcie.CplStatus;
import lazaret.pcie.Pasid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Stage 2, alone and behind stage 1. Tests named after a vector begin with its number. */
class Stage2Test {
    private static final Ste ALONE =
            Ste.of(0xDL, 0x1000_0000L, 0x044D_3558_0000_0005L, 0x9_0A00_0000L, 0, 0, 0, 0);
    private static final Ste NESTED =
            Ste.of(0x4008_000FL, 0x1000_00D6L, ALONE.w2(), ALONE.w3(), 0, 0, 0, 0);
    private static final long IPA = 0x80_1234_5678L;
    private static final long VA = 0x7B_1234_5ABCL;
    private static final long S2_ROOT = 0x9_0A00_0000L;
    private static final long S2_L2 = 0x9_0A02_0000L;
    private static final long S2_L3 = 0x9_0A01_1A28L;
    private static final long S2_PAGE = 0x9_5566_67FFL;
    private static final long CD_AT = 0x9_4008_0000L;
    private static final long S1_L1 = 0x9_4008_0F60L;
    private static final long S1_L2 = 0x9_4008_1488L;
    private static final long S1_L3 = 0x9_4008_2A28L;
    private static final long S1_PAGE = 0x4034_5F47L;
    private static final long PA = 0x9_4034_5ABCL;
    private static final long DBM = Pte.DBM.mask();

    private final Setup setup = new Setup();

    @BeforeEach
    void both_stages_are_there() {
        setup.ste(NESTED);
        setup.memory.store(0x9_0A00_1000L, 0x9_0A01_0003L);
        setup.memory.store(0x9_0A01_0488L, 0x9_0A01_1003L);
        setup.memory.store(S2_L3, S2_PAGE);
        setup.memory.store(S2_ROOT + 8, S2_L2 | 3);
        for (int k = 0; k < 512; k++) {
            setup.memory.store(S2_L2 + 8 * k, 0x9_4000_07FDL + 0x20_0000L * k);
        }
        cd(Setup.CD.with(Cd.T0SZ, 25).with(Cd.TTB0, 0x4008_0000L >> 4));
        setup.memory.store(S1_L1, 0x4008_1003L);
        setup.memory.store(S1_L2, 0x4008_2003L);
        setup.memory.store(S1_L3, S1_PAGE);
    }

    /** The CD is at the start of the first table, whose low entries nobody walks. */
    private void cd(Cd cd) {
        setup.cd(CD_AT, cd);
    }

    // The vectors.

    @Test
    void w21_stage_2_alone_with_two_tables_side_by_side() {
        setup.ste(ALONE);

        assertThat(goesTo(AccessType.WRITE, IPA)).isEqualTo(0x9_5566_6678L);
    }

    @Test
    void w22_stage_1_and_stage_2_take_eleven_descriptors() {
        assertThat(goesTo(AccessType.WRITE, VA)).isEqualTo(PA);
        Walk walk = Walk.start(setup.regs(), Transaction.untranslated(SID, AccessType.WRITE, VA))
                .known(NESTED).known(Setup.CD.with(Cd.T0SZ, 25).with(Cd.TTB0, 0x4008_0000L >> 4));
        int fetches = 0;
        while (!walk.done()) {
            if (!walk.unknown()) {
                fetches++;
                walk.step(setup.memory);
            }
        }
        assertThat(fetches).isEqualTo(11);
    }

    @Test
    void w13_stage_2_does_not_map_a_table_of_stage_1() {
        hole(0x4008_2000L);

        assertThat(event(AccessType.WRITE)).containsExactly(
                0x0000_0100_0000_0010L, 0x0000_0180_0000_0000L, VA, 0x4008_2000L);
    }

    @Test
    void w14_stage_2_does_not_map_what_stage_1_says() {
        hole(0x4034_5000L);

        assertThat(event(AccessType.WRITE)).containsExactly(
                0x0000_0100_0000_0010L, 0x0000_0280_0000_0000L, VA, 0x4034_5000L);
    }

    @Test
    void w25_an_ipa_that_stage_2_does_not_have_is_not_looked_for() {
        setup.memory.store(S1_L3, 0x0100_0000_0F47L);

        assertThat(event(AccessType.READ)).containsExactly(
                0x0000_0100_0000_0010L, 0x0000_0288_0000_0000L, VA, 0x0100_0000_0000L);
    }

    // Who is to blame.

    @Test
    void stage_2_does_not_map_the_cd() {
        hole(0x4008_0000L);

        assertThat(event(AccessType.READ)).containsExactly(
                0x0000_0100_0000_0010L, 0x0000_0088_0000_0000L, VA, 0x4008_0000L);
    }

    @Test
    void a_descriptor_of_stage_1_that_cannot_be_read_is_of_stage_1() {
        block(0x4008_1000L, 1L << 41);

        assertThat(setup.read(VA)).isEqualTo(aborted(new Event.FWalkEabt(origin(),
                fetch((1L << 41) + 0x488), AccessType.READ, false, Evt.Class.TT, VA)));
    }

    @Test
    void a_descriptor_of_stage_2_that_cannot_be_read_is_of_stage_2_and_of_the_class_it_is_for() {
        setup.memory.store(S2_ROOT + 8, 1L << 41 | 3);
        assertThat(setup.read(VA)).isEqualTo(aborted(new Event.FWalkEabt(origin(),
                fetch(1L << 41), AccessType.READ, true, Evt.Class.CD, VA)));

        setup.ste(ALONE);
        setup.memory.store(0x9_0A00_1000L, 1L << 41 | 3);
        assertThat(setup.read(IPA)).isEqualTo(aborted(new Event.FWalkEabt(origin(),
                fetch((1L << 41) + 0x488), AccessType.READ, true, Evt.Class.IN, IPA)));
    }

    @Test
    void a_cd_that_cannot_be_read_is_recorded_with_its_physical_address() {
        block(0x4008_0000L, 1L << 41);

        assertThat(setup.read(VA)).isEqualTo(aborted(new Event.FCdFetch(origin(), fetch(1L << 41))));
    }

    @Test
    void an_address_that_stage_2_says_must_fit_s2ps_at_each_level() {
        setup.ste(ALONE.with(Ste.S2PS, 2));
        setup.memory.store(S2_L3, 1L << 40 | 0x7FF);
        assertThat(setup.read(IPA)).isEqualTo(stage2(Event.FAddrSize::new, AccessType.READ, IPA));
        setup.memory.store(0x9_0A01_0488L, 1L << 40 | 3);
        assertThat(setup.read(IPA)).isEqualTo(stage2(Event.FAddrSize::new, AccessType.READ, IPA));
    }

    @Test
    void an_input_beyond_the_ipas_that_there_are_is_an_address_size_fault_of_stage_1() {
        setup.ste(ALONE);

        assertThat(setup.read(1L << 48)).isEqualTo(aborted(new Event.FAddrSize(origin(),
                Setup.fault(AccessType.READ, 1L << 48))));
        assertThat(setup.read(1L << 40)).isEqualTo(
                stage2(Event.FTranslation::new, AccessType.READ, 1L << 40));
    }

    @Test
    void s2r_says_whether_anybody_hears_of_it_and_the_cd_does_not() {
        hole(0x4034_5000L);
        cd(Setup.CD.with(Cd.T0SZ, 25).with(Cd.TTB0, 0x4008_0000L >> 4).with(Cd.A, 0).with(Cd.R, 0));
        assertThat(event(AccessType.READ)).hasSize(4);

        setup.ste(NESTED.with(Ste.S2R, 0));
        assertThat(setup.read(VA)).isEqualTo(aborted(null));
        setup.ste(NESTED.with(Ste.S2S, 1).with(Ste.EATS, 0));
        assertThat(setup.read(VA)).isInstanceOf(Outcome.Stalled.class);
    }

    @Test
    void stage_1_refuses_before_stage_2_is_asked() {
        hole(0x4034_5000L);
        setup.memory.store(S1_L3, S1_PAGE | Pte.AP_RDONLY);

        assertThat(setup.write(VA)).isEqualTo(aborted(new Event.FPermission(origin(),
                Setup.fault(AccessType.WRITE, VA), false)));
    }

    // What is permitted.

    @Test
    void s2ap_says_who_may_read_and_write() {
        setup.ste(ALONE);
        page(0);
        assertThat(refuses(AccessType.READ) && refuses(AccessType.WRITE)).isTrue();
        page(Pte.S2AP_READ);
        assertThat(!refuses(AccessType.READ) && refuses(AccessType.WRITE)).isTrue();
        page(Pte.S2AP_WRITE);
        assertThat(refuses(AccessType.READ) && !refuses(AccessType.WRITE)).isTrue();
    }

    @Test
    void xn_says_who_may_execute() {
        setup.ste(ALONE);
        boolean[][] refused = {{false, false}, {false, true}, {true, true}, {true, false}};
        for (int xn = 0; xn < 4; xn++) {
            page(Pte.S2AP_READ | Pte.XN.prep(xn));
            assertThat(refuses(Setup.FETCH)).as("XN=%d", xn).isEqualTo(refused[xn][0]);
            assertThat(refuses(Setup.PRIV_FETCH)).as("XN=%d priv", xn).isEqualTo(refused[xn][1]);
        }
        setup.idr = setup.idr.with(Idr3.XNX, 0);
        page(Pte.S2AP_READ | Pte.XN.prep(1));
        assertThat(refuses(Setup.PRIV_FETCH)).isFalse();
        page(Pte.S2AP_READ | Pte.XN.prep(3));
        assertThat(refuses(Setup.FETCH)).isTrue();
    }

    @Test
    void an_access_needs_both_stages() {
        block(0x4034_5000L, 0x9_4020_0000L, Pte.S2AP_READ);

        assertThat(goesTo(AccessType.READ, VA)).isEqualTo(0x9_4034_5ABCL);
        assertThat(event(AccessType.WRITE)).containsExactly(
                0x0000_0100_0000_0013L, 0x0000_0280_0000_0000L, VA, 0x4034_5000L);
    }

    @Test
    void a_table_that_stage_2_lets_nobody_read_refuses_the_walk() {
        block(0x4008_2000L, 0x9_4000_0000L, Pte.S2AP_WRITE);
        assertThat(setup.write(VA)).isEqualTo(aborted(new Event.FPermission(origin(),
                Event.Fault.stage2(AccessType.WRITE, Evt.Class.CD, VA, 0x4008_0000L), false)));

        split(0, at -> at != 0x4008_1000L, 0x7FF, 0x7FF & ~Pte.S2AP_READ);
        assertThat(event(AccessType.WRITE)).containsExactly(
                0x0000_0100_0000_0013L, 0x0000_1180_0000_0000L, VA, 0x4008_1000L);
    }

    @Test
    void s2ptw_keeps_tables_out_of_device_memory() {
        split(0, at -> at != 0x4008_1000L, 0x7FF, 0x7FF & ~Pte.MEMATTR.mask());
        assertThat(setup.write(VA)).isInstanceOf(Outcome.Refused.class);
        setup.ste(NESTED.with(Ste.S2PTW, 0));
        assertThat(goesTo(AccessType.WRITE, VA)).isEqualTo(PA);
    }

    // Access flag and dirty state.

    @Test
    void a_clear_access_flag_is_a_fault_unless_nobody_cares_or_hardware_sets_it() {
        setup.ste(ALONE);
        setup.memory.store(S2_L3, S2_PAGE & ~Pte.AF.mask());
        assertThat(setup.read(IPA)).isEqualTo(aborted(new Event.FAccess(origin(),
                Event.Fault.stage2(AccessType.READ, Evt.Class.IN, IPA, IPA))));
        setup.ste(ALONE.with(Ste.S2AFFD, 1));
        assertThat(goesTo(AccessType.READ, IPA)).isEqualTo(0x9_5566_6678L);
        setup.ste(ALONE.with(Ste.S2HA, 1));
        act(AccessType.READ, IPA);
        assertThat(setup.memory.load(S2_L3)).isEqualTo(S2_PAGE);
    }

    @Test
    void a_write_to_a_clean_page_of_stage_2_makes_it_dirty() {
        setup.ste(ALONE.with(Ste.S2HA, 1).with(Ste.S2HD, 1));
        setup.memory.store(S2_L3, S2_PAGE & ~Pte.S2AP_WRITE | DBM);
        act(AccessType.READ, IPA);
        assertThat(setup.memory.load(S2_L3)).isEqualTo(S2_PAGE & ~Pte.S2AP_WRITE | DBM);
        act(AccessType.WRITE, IPA);
        assertThat(setup.memory.load(S2_L3)).isEqualTo(S2_PAGE | DBM);
    }

    /** Record V12, of another stream. */
    @Test
    void an_update_of_stage_1_is_a_write_that_stage_2_must_permit() {
        cd(Setup.CD.with(Cd.T0SZ, 25).with(Cd.TTB0, 0x4008_0000L >> 4).with(Cd.HA, 1));
        setup.memory.store(S1_L3, S1_PAGE & ~Pte.AF.mask());
        split(0, at -> at != 0x4008_2000L, 0x7FF, 0x7FF & ~Pte.S2AP_WRITE);

        assertThat(event(AccessType.READ)).containsExactly(
                0x0000_0100_0000_0013L, 0x0000_0188_0000_0000L, VA, 0x4008_2000L);

        split(0, at -> true, 0x7FF, 0);
        act(AccessType.READ, VA);
        assertThat(setup.memory.load(S1_L3)).isEqualTo(S1_PAGE);
    }

    @Test
    void an_update_of_stage_1_makes_the_page_of_its_table_dirty_in_stage_2() {
        setup.ste(NESTED.with(Ste.S2HA, 1).with(Ste.S2HD, 1));
        cd(Setup.CD.with(Cd.T0SZ, 25).with(Cd.TTB0, 0x4008_0000L >> 4).with(Cd.HA, 1));
        setup.memory.store(S1_L3, S1_PAGE & ~Pte.AF.mask());
        split(0, at -> at != 0x4008_2000L, 0x7FF, 0x7FF & ~Pte.S2AP_WRITE | DBM);

        assertThat(act(AccessType.READ, VA).outcome()).isInstanceOf(Outcome.Translated.class);
        assertThat(setup.memory.load(S1_L3)).isEqualTo(S1_PAGE);
        assertThat(setup.memory.load(SPLIT + 8 * 0x82)).isEqualTo(0x9_4008_2000L | 0x7FF | DBM);
    }

    // What is remembered.

    @Test
    void both_stages_together_cover_what_both_cover() {
        var done = setup.whole(AccessType.WRITE, VA);
        Translation both = done.translation();
        assertThat(both.va()).isEqualTo(0x7B_1234_5000L);
        assertThat(both.pa()).isEqualTo(0x9_4034_5000L);
        assertThat(both.log2size()).isEqualTo(12);
        assertThat(both.stage2()).isEqualTo(done.stage2());
        assertThat(both.stage2().log2size()).isEqualTo(21);
        assertThat(both.ipa(VA)).isEqualTo(0x4034_5ABCL);
        Walk walk = Walk.start(setup.regs(), done.transaction()).known(done.ste()).known(done.cd());
        Walk other = new Walk();
        other.resume(Paused.of(walk));
        assertThat(walk.known(both)).isTrue();
        assertThat(walk.end()).isEqualTo(done);
        assertThat(other.step(setup.memory).needs()).isEqualTo(Walk.Need.STAGE2);
    }

    @Test
    void a_remembered_translation_of_both_stages_is_refused_by_the_stage_that_refuses() {
        block(0x4034_5000L, 0x9_4020_0000L, Pte.S2AP_READ);
        var read = setup.whole(AccessType.READ, VA);
        Walk write = Walk.start(setup.regs(), Transaction.untranslated(SID, AccessType.WRITE, VA))
                .known(read.ste()).known(read.cd());
        assertThat(write.known(read.translation())).isTrue();
        assertThat(write.outcome()).isEqualTo(setup.write(VA));
        assertThat(write.outcome()).isInstanceOf(Outcome.Refused.class);
    }

    // All shapes of stage 2.

    @Test
    void every_legal_shape_of_stage_2_starts_where_it_should() {
        setup.idr = setup.idr.with(Idr3.STT, 1);
        int[][] low = {{39, 30, 21, 12}, {0, 42, 29, 16}, {47, 36, 25, 14}};
        int[][] starts = {{2, 1, 0, 3}, {3, 2, 1, -1}, {3, 2, 1, -1}};
        var random = new SplittableRandom(21);
        int shapes = 0;
        for (int tg = 0; tg < 3; tg++) {
            for (int sl0 = 0; sl0 < 4; sl0++) {
                for (int t0sz = 16; t0sz <= 48; t0sz++) {
                    Ste ste = ALONE.with(Ste.S2TG, tg).with(Ste.S2SL0, sl0).with(Ste.S2T0SZ, t0sz);
                    if (Legality.ste(ste, setup.idr).isEmpty()) {
                        shape(ste, random.nextLong() >>> t0sz, 64 - t0sz, low[tg], starts[tg][sl0]);
                        shapes++;
                    }
                }
            }
        }
        assertThat(shapes).isEqualTo(42 + 40 + 41);    // 4, 64 and 16 KiB
    }

    private void shape(Ste ste, long ipa, int bits, int[] low, int start) {
        long table = 0xA_0000_0000L;
        setup.ste(ste.with(Ste.S2TTB, table >> 4));
        for (int level = start; level <= 3; level++) {
            int high = level == start ? bits : low[level - 1];
            long at = table + 8 * (ipa >>> low[level] & (1L << high - low[level]) - 1);
            table += level == start ? 0x20_0000L : 0x1_0000L;
            setup.memory.store(at, table | (level == 3 ? 0x7FF : 3));
        }
        assertThat(goesTo(AccessType.WRITE, ipa)).as("%s", ste)
                .isEqualTo(table | ipa & (1L << low[3]) - 1);
    }

    // ATS.

    @Test
    void a_request_learns_what_both_stages_permit() {
        assertThat(request(AccessType.WRITE)).isEqualTo(granted(0x9_4034_5003L));
        block(0x4034_5000L, 0x9_4020_0000L, Pte.S2AP_READ);
        assertThat(request(AccessType.WRITE)).isEqualTo(granted(0x9_4034_5001L));
        hole(0x4034_5000L);
        assertThat(request(AccessType.WRITE)).isEqualTo(granted(0));
        hole(0x4008_0000L);
        assertThat(request(AccessType.WRITE)).as("not even a CD").isEqualTo(granted(0));
    }

    @Test
    void with_split_stages_a_request_learns_an_ipa_and_comes_back_with_it() {
        setup.ste(NESTED.with(Ste.EATS, Ste.Eats.S1CHK));
        assertThat(request(AccessType.WRITE)).isEqualTo(granted(0x4034_5003L));

        assertThat(setup.run(Setup.translated(AccessType.WRITE, 0x4034_5ABCL)))
                .isInstanceOfSatisfying(Outcome.Translated.class, t -> assertThat(t.pa()).isEqualTo(PA));
        assertThat(setup.run(Setup.translated(AccessType.WRITE, 1L << 48))).isEqualTo(
                aborted(new Event.FAddrSize(origin(), Setup.fault(AccessType.WRITE, 1L << 48))));
        hole(0x4034_5000L);
        assertThat(setup.run(Setup.translated(AccessType.WRITE, 0x4034_5ABCL))).isEqualTo(
                aborted(new Event.FTranslation(origin(), Event.Fault.stage2(AccessType.WRITE,
                        Evt.Class.IN, 0x4034_5ABCL, 0x4034_5000L))));
        setup.cr0 = Cr0.SMMUEN.prep(true);
        assertThat(request(AccessType.WRITE)).as("ATSCHK=0").isEqualTo(
                new Outcome.Answered(CplStatus.UR, 0, new Event.FBadAtsTreq(origin(), VA & ~0xfffL)));
    }

    @Test
    void a_request_that_skips_stage_1_learns_what_stage_2_says() {
        Ste skips = NESTED.with(Ste.S1CDMAX, 3).with(Ste.S1DSS, Ste.S1Dss.BYPASS);
        var request = Setup.translationRequest(0x4034_5000L);

        setup.ste(skips);
        assertThat(setup.run(request)).isEqualTo(granted(0x9_402F_F803L));
        setup.ste(skips.with(Ste.EATS, Ste.Eats.S1CHK));
        assertThat(setup.run(request)).isEqualTo(granted(0x402F_F803L));
        setup.ste(skips);
        assertThat(goesTo(AccessType.READ, 0x4034_5ABCL)).isEqualTo(PA);
    }

    // What is not modelled.

    @Test
    void other_formats_are_refused() {
        setup.idr = setup.idr.with(Idr0.TTF, 3).with(Idr5.DS, 1).with(Idr0.HTTU, 3).with(Idr3.S2PI, 1)
                .with(Idr3.FWB, 1);
        unmodelled(ALONE.with(Ste.S2AA64, 0), "S2AA64");
        unmodelled(ALONE.with(Ste.S2ENDI, 1), "S2ENDI");
        unmodelled(ALONE.with(Ste.S2DS, 1), "S2DS");
        unmodelled(ALONE.with(Ste.S2HA, 1).with(Ste.S2HAFT, 1), "S2HAFT");
        unmodelled(ALONE.with(Ste.S2PIE, 1), "S2PIE");
    }

    private void unmodelled(Ste ste, String what) {
        setup.ste(ste);
        assertThatThrownBy(() -> setup.read(IPA)).isInstanceOf(Unmodelled.class).hasMessageContaining(what);
    }

    // Tables.

    private static final long SPLIT = 0x9_0A03_0000L;

    /** Stage 2 maps everything but the page at {@code ipa}. */
    private void hole(long ipa) {
        int block = (int) (ipa - 0x4000_0000L >> 21);
        split(block, at -> at != ipa, 0x7FF, 0);
    }

    /** Replaces a block by a table of pages: the low bits are {@code as} or {@code else}. */
    private void split(int block, LongPredicate which, long as, long otherwise) {
        setup.memory.store(S2_L2 + 8L * block, SPLIT | 3);
        for (int i = 0; i < 512; i++) {
            long offset = (long) block << 21 | (long) i << 12;
            boolean chosen = which.test(0x4000_0000L + offset);
            setup.memory.store(SPLIT + 8L * i, 0x9_4000_0000L + offset | (chosen ? as : otherwise));
        }
    }

    /** The page at {@code ipa} is elsewhere. */
    private void block(long ipa, long pa) {
        int block = (int) (ipa - 0x4000_0000L >> 21);
        split(block, at -> at != ipa, 0x7FF, 0);
        setup.memory.store(SPLIT + 8 * (ipa >> 12 & 511), pa | 0x7FF);
    }

    /** The block around {@code ipa}, with those rights. */
    private void block(long ipa, long pa, long s2ap) {
        setup.memory.store(S2_L2 + 8 * (ipa - 0x4000_0000L >> 21), pa | 0x73D | s2ap);
    }

    private void page(long bits) {
        setup.memory.store(S2_L3, 0x9_5566_673FL | bits);
    }

    // Actions.

    private long goesTo(AccessType type, long iova) {
        Outcome outcome = setup.run(type, iova);
        assertThat(outcome).isInstanceOf(Outcome.Translated.class);
        return ((Outcome.Translated) outcome).pa();
    }

    private boolean refuses(AccessType type) {
        Outcome outcome = setup.run(type, IPA);
        if (outcome instanceof Outcome.Refused) {
            assertThat(outcome).isEqualTo(stage2((o, f) -> new Event.FPermission(o, f, false), type, IPA));
            return true;
        }
        return false;
    }

    private long[] event(AccessType type) {
        Event e = ((Outcome.Refused) setup.run(type, VA)).event();
        return new long[] {e.w0(), e.w1(), e.w2(), e.w3()};
    }

    private Walk.Done act(AccessType type, long iova) {
        return setup.act(Transaction.untranslated(SID, type, iova));
    }

    private Outcome request(AccessType type) {
        return setup.run(new Transaction(SID, Pasid.NONE, At.TRANSLATION_REQUEST, type, VA & ~0xfffL));
    }

    private static Outcome granted(long entry) {
        return new Outcome.Answered(CplStatus.SC, entry, null);
    }

    private static Outcome stage2(java.util.function.BiFunction<Event.Origin, Event.Fault, Event> kind,
            AccessType type, long ipa) {
        return aborted(kind.apply(origin(), Event.Fault.stage2(type, Evt.Class.IN, ipa, ipa)));
    }
}
