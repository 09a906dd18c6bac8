// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import static lazaret.smmuv3.Rule.rule;

import java.util.List;
import lazaret.machine.Field;

/**
 * When an STE is illegal. Stage-2 rules about tables are those of VMSAv8-64; an entry with the older format
 * passes them and is refused as not modelled by whoever walks it.
 *
 * @spec IHI0070 5.2
 */
final class SteRules {
    static final List<Rule<Ste>> ATS = List.of(
            rule("EATS=TRANS with stage 2 that stalls", (s, id) ->
                    ats(s, id, Ste.Eats.TRANS) && s.config().stage2() && s.test(Ste.S2S)),
            rule("EATS=S1CHK without IDR0.NS1ATS=0, Config=NESTED and S2S=0", (s, id) ->
                    ats(s, id, Ste.Eats.S1CHK)
                    && (id.has(Idr0.NS1ATS) || s.config() != Ste.Config.NESTED || s.test(Ste.S2S))),
            rule("EATS=DPT in EL2 or with stage 2 that stalls", (s, id) ->
                    ats(s, id, Ste.Eats.DPT) && id.has(Idr3.DPT)
                    && (el2(s, id) || s.config().stage2() && s.test(Ste.S2S))));

    static final List<Rule<Ste>> STAGE1 = List.of(
            rule("stage 1 without IDR0.S1P", (_, id) -> !id.has(Idr0.S1P)),
            rule("STRW reserved", (s, id) -> strwUsed(s, id) && (s.get(Ste.STRW) & 1) != 0),
            rule("S1STALLD without IDR0.STALL_MODEL=0", (s, id) ->
                    s.test(Ste.S1STALLD) && id.has(Idr0.STALL_MODEL)),
            rule("S1CDMax above IDR1.SSIDSIZE", (s, id) -> id.cdMax(s) > id.get(Idr1.SSIDSIZE)),
            rule("2-level CD table without IDR0.CD2L", (s, id) ->
                    id.cdMax(s) != 0 && !id.has(Idr0.CD2L) && s.s1Fmt() != Ste.S1Fmt.LINEAR),
            rule("S1ContextPtr out of range", (s, id) -> !Idr.fits(s.s1ContextPtr(),
                    s.config().stage2() ? id.ias() : id.oas())),
            rule("S2VMID above 8 bits", (s, id) -> usesVmid(s, id) && wideVmid(s, id)),
            rule("VMSPtr out of range", (s, id) ->
                    s.config().stage2() && id.has(Idr3.MPAM) && s.test(Ste.S1MPAM)
                    && !Idr.fits(Ste.VMSPTR.in(s.w5()), id.oas())));

    static final List<Rule<Ste>> STAGE2 = List.of(
            rule("stage 2 without IDR0.S2P", (_, id) -> !id.has(Idr0.S2P)),
            rule("S2S=1 with IDR0.STALL_MODEL=1", (s, id) ->
                    s.test(Ste.S2S) && id.get(Idr0.STALL_MODEL) == Idr.NO_STALLS),
            rule("S2S=0 with IDR0.STALL_MODEL=2", (s, id) ->
                    !s.test(Ste.S2S) && id.get(Idr0.STALL_MODEL) == Idr.ONLY_STALLS),
            rule("S2AA64 not in IDR0.TTF", (s, id) ->
                    (id.get(Idr0.TTF) & (aa64(s) ? Idr.TTF_AARCH64 : Idr.TTF_LPAE)) == 0),
            rule("S2HA or S2HD not in IDR0.HTTU", (s, id) -> !id.updates(s.test(Ste.S2HA), s.test(Ste.S2HD))),
            rule("S2HAFT without S2HA", (s, id) ->
                    id.get(Idr0.HTTU) == 3 && s.test(Ste.S2HAFT) && !s.test(Ste.S2HA)),
            rule("S2ENDI not in IDR0.TTENDIAN", (s, id) -> !id.reads(s.test(Ste.S2ENDI))),
            rule("S2FWB with S2AA64=0", (s, id) -> id.has(Idr3.FWB) && s.test(Ste.S2FWB) && !aa64(s)),
            rule("S2VMID above 8 bits", SteRules::wideVmid),
            rule("S2TG reserved or not in IDR5", (s, id) ->
                    aa64(s) && (granule(s) == null || !granule(s).in(id))),
            rule("S2TTB out of range", (s, id) -> aa64(s) && !Idr.fits(Ste.S2TTB.in(s.w3()), s2ps(s, id))),
            rule("S2T0SZ out of range", (s, id) -> aa64(s) && !t0szInRange(s, id)),
            rule("S2SL0 does not go with S2T0SZ", (s, id) ->
                    aa64(s) && !ds(s, id) && !startsWhereItShould(s, id)));

    private SteRules() {
    }

    private static boolean ats(Ste s, Idr id, Ste.Eats eats) {
        return id.has(Idr0.ATS) && s.eats() == eats;
    }

    private static boolean strwUsed(Ste s, Idr id) {
        return s.config() == Ste.Config.S1_TRANS && id.has(Idr0.HYP);
    }

    private static boolean el2(Ste s, Idr id) {
        return strwUsed(s, id) && s.get(Ste.STRW) != Ste.Strw.NSEL1.code();
    }

    private static boolean usesVmid(Ste s, Idr id) {
        return s.config() == Ste.Config.S1_TRANS && !el2(s, id) && id.has(Idr0.S2P);
    }

    private static boolean wideVmid(Ste s, Idr id) {
        return !id.has(Idr0.VMID16) && s.get(Ste.S2VMID) > 0xff;
    }

    private static boolean aa64(Ste s) {
        return s.test(Ste.S2AA64);
    }

    private static boolean ds(Ste s, Idr id) {
        return id.has(Idr5.DS) && s.test(Ste.S2DS);
    }

    private static Granule granule(Ste s) {
        return Granule.tg0(s.get(Ste.S2TG));
    }

    /** Bits of the table's address: those of S2PS, but more than 48 only in the formats that can say so. */
    private static int s2ps(Ste s, Idr id) {
        boolean wide = granule(s) == Granule.G64K || ds(s, id);
        return Math.min(id.capped(s.get(Ste.S2PS)), wide ? 52 : 48);
    }

    private static boolean t0szInRange(Ste s, Idr id) {
        Granule granule = granule(s);
        int t0sz = s.get(Ste.S2T0SZ);
        int min = Math.max(granule.minTxsz(granule == Granule.G64K || ds(s, id)), 64 - id.ias());
        return t0sz >= min && t0sz <= granule.maxTxsz(id);
    }

    /**
     * The start level must resolve the input address with 1 to 16 tables side by side: T0SZ is from {@code
     * most}, where 16 are needed, to {@code least}, below which a lower level would do.
     */
    private static boolean startsWhereItShould(Ste s, Idr id) {
        int stt = granule(s).maxTxsz(id);
        return switch (granule(s)) {
            case G4K -> switch (s.get(Ste.S2SL0)) {
                case 0 -> within(s, 30, 39);
                case 1 -> within(s, 21, 33);
                case 2 -> within(s, 16, 24);
                default -> id.has(Idr3.STT) && within(s, 39, stt);
            };
            case G16K -> switch (s.get(Ste.S2SL0)) {
                case 0 -> within(s, 35, stt);
                case 1 -> within(s, 24, 38);
                case 2 -> within(s, 16, 27);
                default -> false;
            };
            case G64K -> switch (s.get(Ste.S2SL0)) {
                case 0 -> within(s, 31, stt);
                case 1 -> within(s, 18, 34);
                case 2 -> within(s, 12, 21);
                default -> false;
            };
        };
    }

    private static boolean within(Ste s, int most, int least) {
        Field t0sz = Ste.S2T0SZ;
        return s.get(t0sz) >= most && s.get(t0sz) <= least;
    }
}
