// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import static lazaret.smmuv3.Legality.LEGAL;
import static lazaret.smmuv3.Vectors.IDR;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each rule is broken by something that is legal otherwise. */
class LegalityTest {
    private static final Ste S1 = Setup.STE;
    private static final Ste S2 = Ste.of(0xDL, 0, 0x044D_3558_0000_0005L, 0x9_0A00_0000L, 0, 0, 0, 0);
    private static final Ste NESTED = Ste.of(0x4008_000FL, 0x2800_00D6L, S2.w2(), S2.w3(), 0, 0, 0, 0);
    private static final Ste SUBSTREAMS = S1.with(Ste.S1CDMAX, 10);
    private static final Cd CD = Setup.CD;
    private static final Cd BOTH = CD.with(Cd.EPD1, 0).with(Cd.T1SZ, 16).with(Cd.TG1, 2);
    private static final Idr NO_TTF64 = IDR.with(Idr0.TTF, 1);
    private static final Idr BOTH_TTF = IDR.with(Idr0.TTF, 3);

    private record StructureOf<T>(T structure, Idr idr, boolean e2h) { }

    private static Map<String, StructureOf<Ste>> badStes() {
        var bad = new LinkedHashMap<String, StructureOf<Ste>>();
        Idr dpt = IDR.with(Idr3.DPT, 1);
        ste(bad, "EATS=TRANS with stage 2 that stalls", S2.with(Ste.EATS, 1).with(Ste.S2S, 1), IDR);
        ste(bad, "EATS=S1CHK without IDR0.NS1ATS=0, Config=NESTED and S2S=0", S1.with(Ste.EATS, 2), IDR);
        ste(bad, "EATS=DPT in EL2 or with stage 2 that stalls", S1.with(Ste.EATS, 3).with(Ste.STRW, 2), dpt);
        ste(bad, "stage 1 without IDR0.S1P", S1, IDR.with(Idr0.S1P, 0));
        ste(bad, "STRW reserved", S1.with(Ste.STRW, 1), IDR);
        ste(bad, "S1STALLD without IDR0.STALL_MODEL=0", S1.with(Ste.S1STALLD, 1),
                IDR.with(Idr0.STALL_MODEL, 2));
        ste(bad, "S1CDMax above IDR1.SSIDSIZE", S1.with(Ste.S1CDMAX, 11), IDR);
        ste(bad, "2-level CD table without IDR0.CD2L", SUBSTREAMS.with(Ste.S1FMT, 1), IDR.with(Idr0.CD2L, 0));
        ste(bad, "S1ContextPtr out of range", S1, IDR.with(Idr5.OAS, 0));
        ste(bad, "S2VMID above 8 bits", S1.with(Ste.S2VMID, 0x100), IDR.with(Idr0.VMID16, 0));
        ste(bad, "VMSPtr out of range", NESTED.with(Ste.S1MPAM, 1).with(Ste.VMSPTR, 1L << 40),
                IDR.with(Idr3.MPAM, 1));
        ste(bad, "stage 2 without IDR0.S2P", S2, IDR.with(Idr0.S2P, 0));
        ste(bad, "S2S=1 with IDR0.STALL_MODEL=1", S2.with(Ste.S2S, 1), IDR.with(Idr0.STALL_MODEL, 1));
        ste(bad, "S2S=0 with IDR0.STALL_MODEL=2", S2, IDR.with(Idr0.STALL_MODEL, 2));
        ste(bad, "S2AA64 not in IDR0.TTF", S2, NO_TTF64);
        ste(bad, "S2HA or S2HD not in IDR0.HTTU", S2.with(Ste.S2HA, 1), IDR.with(Idr0.HTTU, 0));
        ste(bad, "S2HAFT without S2HA", S2.with(Ste.S2HAFT, 1), IDR.with(Idr0.HTTU, 3));
        ste(bad, "S2ENDI not in IDR0.TTENDIAN", S2.with(Ste.S2ENDI, 1), IDR.with(Idr0.TTENDIAN, 2));
        ste(bad, "S2FWB with S2AA64=0", S2.with(Ste.S2AA64, 0).with(Ste.S2FWB, 1),
                BOTH_TTF.with(Idr3.FWB, 1));
        ste(bad, "S2TG reserved or not in IDR5", S2.with(Ste.S2TG, 3), IDR);
        ste(bad, "S2TTB out of range", S2.with(Ste.S2TTB, 1L << 44), IDR);
        ste(bad, "S2T0SZ out of range", S2.with(Ste.S2T0SZ, 15), IDR);
        ste(bad, "S2SL0 does not go with S2T0SZ", S2.with(Ste.S2SL0, 0), IDR);
        return bad;
    }

    private static Map<String, StructureOf<Cd>> badCds() {
        var bad = new LinkedHashMap<String, StructureOf<Cd>>();
        cd(bad, "S=1 with IDR0.STALL_MODEL=1", CD.with(Cd.S, 1), IDR.with(Idr0.STALL_MODEL, 1));
        cd(bad, "S=0 with IDR0.STALL_MODEL=2", CD, IDR.with(Idr0.STALL_MODEL, 2));
        cd(bad, "A=0 with IDR0.TERM_MODEL=1", CD.with(Cd.A, 0), IDR.with(Idr0.TERM_MODEL, 1));
        cd(bad, "ENDI not in IDR0.TTENDIAN", CD, IDR.with(Idr0.TTENDIAN, 3));
        cd(bad, "AA64=0 without LPAE tables", CD.with(Cd.AA64, 0), IDR);
        bad.put("AA64=0 in EL2 with E2H", new StructureOf<>(CD.with(Cd.AA64, 0), BOTH_TTF, true));
        cd(bad, "AA64=1 without VMSAv8-64 tables", CD, NO_TTF64);
        cd(bad, "HA or HD not in IDR0.HTTU", CD.with(Cd.HA, 1), IDR.with(Idr0.HTTU, 0));
        cd(bad, "HAFT without HA", CD.with(Cd.HAFT, 1), IDR.with(Idr0.HTTU, 3));
        cd(bad, "ASID above 8 bits", CD.with(Cd.ASID, 0x100), IDR.with(Idr0.ASID16, 0));
        cd(bad, "TG0 reserved or not in IDR5", CD.with(Cd.TG0, 3), IDR);
        cd(bad, "T0SZ out of range", CD.with(Cd.T0SZ, 40), IDR);
        cd(bad, "TTB0 out of range", CD.with(Cd.TTB0, 1L << 44), IDR);
        cd(bad, "TG1 reserved or not in IDR5", BOTH.with(Cd.TG1, 0), IDR);
        cd(bad, "T1SZ out of range", BOTH.with(Cd.T1SZ, 15), IDR);
        cd(bad, "TTB1 out of range", BOTH.with(Cd.TTB1, 1L << 36).with(Cd.IPS, 2), IDR);
        return bad;
    }

    @TestFactory
    Stream<DynamicTest> a_broken_rule_of_an_ste_is_named() {
        return badStes().entrySet().stream().map(bad -> DynamicTest.dynamicTest(bad.getKey(), () -> {
            StructureOf<Ste> it = bad.getValue();
            assertThat(Legality.ste(it.structure(), it.idr())).isEqualTo(bad.getKey());
        }));
    }

    @TestFactory
    Stream<DynamicTest> a_broken_rule_of_a_cd_is_named() {
        Ste el2 = S1.with(Ste.STRW, 2);
        return badCds().entrySet().stream().map(bad -> DynamicTest.dynamicTest(bad.getKey(), () -> {
            StructureOf<Cd> it = bad.getValue();
            Ste ste = it.e2h() ? el2 : S1;
            assertThat(Legality.cd(it.structure(), ste, it.idr(), it.e2h())).isEqualTo(bad.getKey());
        }));
    }

    @Test
    void rules_that_involve_two_structures_are_named() {
        assertThat(Legality.cd(CD.with(Cd.S, 1), S1.with(Ste.S1STALLD, 1), IDR, false))
                .isEqualTo("S=1 with STE.S1STALLD=1");
        assertThat(Legality.cd(CD, NESTED.with(Ste.S2AA64, 0), IDR, false))
                .isEqualTo("AA64=1 above stage 2 with S2AA64=0");
    }

    @Test
    void every_rule_is_broken_by_some_test() {
        var rules = new ArrayList<String>();
        Stream.of(SteRules.ATS, SteRules.STAGE1, SteRules.STAGE2).flatMap(List::stream)
                .forEach(rule -> rules.add(rule.text()));
        Stream.of(CdRules.ALL, CdRules.LOWER, CdRules.UPPER).flatMap(List::stream)
                .forEach(rule -> rules.add(rule.text()));
        var tested = new ArrayList<>(badStes().keySet());
        tested.addAll(badCds().keySet());
        tested.add("S=1 with STE.S1STALLD=1");
        tested.add("AA64=1 above stage 2 with S2AA64=0");

        assertThat(tested).containsAll(rules);
    }

    @Test
    void what_the_cases_start_from_is_legal() {
        for (Ste ste : List.of(S1, S2, NESTED, SUBSTREAMS)) {
            assertThat(Legality.ste(ste, IDR)).isEqualTo(LEGAL);
        }
        assertThat(Legality.cd(CD, S1, IDR, false)).isEqualTo(LEGAL);
        assertThat(Legality.cd(BOTH, S1, IDR, false)).isEqualTo(LEGAL);
        assertThat(Legality.ste(Ste.of(new long[8]), IDR)).isEqualTo("V=0");
        assertThat(Legality.cd(Cd.of(new long[8]), S1, IDR, false)).isEqualTo("V=0");
    }

    @Test
    void an_entry_that_aborts_is_legal_whatever_else_it_says() {
        var random = new SplittableRandom(5);
        for (int i = 0; i < 1000; i++) {
            long[] words = random.longs(8).toArray();
            words[0] = words[0] & ~0xfL | 1 | i % 4 << 1;

            assertThat(Legality.ste(Ste.of(words), IDR)).isEqualTo(LEGAL);
        }
    }

    @Test
    void what_a_half_that_is_not_walked_says_does_not_matter() {
        Cd nonsense = CD.with(Cd.T1SZ, 63).with(Cd.TG1, 0).with(Cd.TTB1, (1L << 48) - 1);
        assertThat(Legality.cd(nonsense, S1, IDR, false)).isEqualTo(LEGAL);
        assertThat(Legality.cd(nonsense.with(Cd.EPD1, 0), S1.with(Ste.STRW, 2), IDR, false))
                .as("EL2 has no upper half").isEqualTo(LEGAL);
        assertThat(Legality.cd(nonsense.with(Cd.EPD1, 0), S1.with(Ste.STRW, 2), IDR, true)).isNotEmpty();
    }

    @Test
    void stage_2_starts_at_the_level_that_resolves_its_input() {
        assertThat(starts(0, 0)).containsExactly(30, 39);
        assertThat(starts(0, 1)).containsExactly(21, 33);
        assertThat(starts(0, 2)).containsExactly(16, 24);
        assertThat(starts(0, 3)).isEmpty();
        assertThat(starts(2, 0)).containsExactly(35, 39);
        assertThat(starts(2, 1)).containsExactly(24, 38);
        assertThat(starts(2, 2)).containsExactly(16, 27);
        assertThat(starts(1, 0)).containsExactly(31, 39);
        assertThat(starts(1, 1)).containsExactly(18, 34);
        assertThat(starts(1, 2)).containsExactly(16, 21);
        assertThat(starts(1, 3)).isEmpty();

        Idr small = IDR.with(Idr3.STT, 1);
        assertThat(starts(0, 3, small)).containsExactly(39, 48);
        assertThat(starts(2, 0, small)).containsExactly(35, 48);
        assertThat(starts(1, 0, small)).containsExactly(31, 47);
        Idr narrow = IDR.with(Idr5.OAS, 2);
        assertThat(starts(0, 1, narrow)).as("no more input than IAS").containsExactly(24, 33);
        Idr wide = IDR.with(Idr5.OAS, 6);
        assertThat(starts(1, 2, wide)).as("52 bits").containsExactly(12, 21);
    }

    /** Smallest and largest T0SZ that go with a granule and SL0. */
    private static int[] starts(int tg, int sl0) {
        return starts(tg, sl0, IDR);
    }

    private static int[] starts(int tg, int sl0, Idr idr) {
        Ste ste = S2.with(Ste.S2TG, tg).with(Ste.S2SL0, sl0);
        return ends(t0sz -> Legality.ste(ste.with(Ste.S2T0SZ, t0sz), idr).isEmpty());
    }

    @Test
    void how_small_and_large_an_address_space_may_be_depends_on_granule_and_smmu() {
        Idr small = IDR.with(Idr3.STT, 1);
        Idr large = IDR.with(Idr5.VAX, 1);

        assertThat(sizes(0, IDR)).containsExactly(16, 39);
        assertThat(sizes(1, IDR)).containsExactly(16, 39);
        assertThat(sizes(0, small)).containsExactly(16, 48);
        assertThat(sizes(2, small)).containsExactly(16, 48);
        assertThat(sizes(1, small)).containsExactly(16, 47);
        assertThat(sizes(0, large)).containsExactly(16, 39);
        assertThat(sizes(1, large)).containsExactly(12, 39);
    }

    /** Smallest and largest T0SZ that go with a granule. */
    private static int[] sizes(int tg, Idr idr) {
        return ends(t0sz -> Legality.cd(CD.with(Cd.TG0, tg).with(Cd.T0SZ, t0sz), S1, idr, false).isEmpty());
    }

    private static int[] ends(IntPredicate isLegal) {
        int[] legal = IntStream.range(0, 64).filter(isLegal).toArray();
        if (legal.length == 0) {
            return legal;
        }
        int last = legal.length - 1;
        assertThat(legal[last] - legal[0]).as("no gaps").isEqualTo(last);
        return new int[] {legal[0], legal[last]};
    }

    @Test
    void table_addresses_wider_than_48_bits_need_the_64_kib_granule() {
        Idr wide = IDR.with(Idr5.OAS, 6);
        Cd above = CD.with(Cd.TTB0, 1L << 44).with(Cd.IPS, 6);

        assertThat(Legality.cd(above, S1, wide, false)).isEqualTo("TTB0 out of range");
        assertThat(Legality.cd(above.with(Cd.TG0, 1), S1, wide, false)).isEqualTo(LEGAL);
    }

    @Test
    void a_command_needs_what_it_is_about() {
        assertThat(refused("CFGI_CD", Idr0.S1P, "IDR0.S1P=0")).isTrue();
        assertThat(refused("TLBI_NH", Idr0.S1P, "IDR0.S1P=0")).isTrue();
        assertThat(refused("TLBI_EL2", Idr0.HYP, "IDR0.Hyp=0")).isTrue();
        assertThat(refused("TLBI_S12", Idr0.S2P, "IDR0.S2P=0")).isTrue();
        assertThat(refused("TLBI_S2_IPA", Idr0.S2P, "IDR0.S2P=0")).isTrue();
        assertThat(refused("ATC_INV", Idr0.ATS, "IDR0.ATS=0")).isTrue();
        assertThat(refused("PRI_RESP", Idr0.PRI, "IDR0.PRI=0")).isTrue();
        assertThat(command(Op.CFGI_VMS_PIDM, IDR)).isEqualTo("IDR3.MPAM=0");
        assertThat(command(Op.CFGI_VMS_PIDM, IDR.with(Idr3.MPAM, 1))).isEqualTo(LEGAL);
        assertThat(command(Op.DPTI_ALL, IDR)).isEqualTo("IDR3.DPT=0");
        assertThat(command(Op.DPTI_ALL, IDR.with(Idr3.DPT, 1))).isEqualTo(LEGAL);
        Idr never = IDR.with(Idr0.STALL_MODEL, 1);
        assertThat(command(Op.RESUME, never)).isEqualTo("IDR0.STALL_MODEL=1");
        assertThat(command(Op.STALL_TERM, never)).isEqualTo("IDR0.STALL_MODEL=1");
        assertThat(command(Op.RESUME, IDR)).isEqualTo(LEGAL);
    }

    /** All commands whose name begins so are legal, and illegal without the feature. */
    private static boolean refused(String prefix, lazaret.machine.Field feature, String why) {
        return Arrays.stream(Op.values()).filter(op -> op.name().startsWith(prefix))
                .allMatch(op -> command(op, IDR).isEmpty() && command(op, IDR.with(feature, 0)).equals(why));
    }

    private static String command(Op op, Idr idr) {
        return Legality.command(Command.decode(op.code(), 0), idr);
    }

    @Test
    void everything_and_nothing_needs_no_feature() {
        for (Op op : List.of(Op.PREFETCH_CONFIG, Op.PREFETCH_ADDR, Op.CFGI_STE, Op.CFGI_STE_RANGE,
                Op.TLBI_NSNH_ALL, Op.SYNC)) {
            assertThat(command(op, Idr.NOTHING)).isEqualTo(LEGAL);
        }
    }

    @Test
    void a_range_counts_only_where_there_is_range_invalidation() {
        Command one = Command.decode(0x12, 0x400);

        assertThat(Legality.command(one, IDR)).isEqualTo("range without extent");
        assertThat(Legality.command(one, IDR.with(Idr3.RIL, 0))).isEqualTo(LEGAL);
    }

    private static void ste(Map<String, StructureOf<Ste>> bad, String rule, Ste ste, Idr idr) {
        bad.put(rule, new StructureOf<>(ste, idr, false));
    }

    private static void cd(Map<String, StructureOf<Cd>> bad, String rule, Cd cd, Idr idr) {
        bad.put(rule, new StructureOf<>(cd, idr, false));
    }
}
