// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import static lazaret.smmuv3.Rule.rule;

import java.util.List;
import lazaret.machine.Field;

/**
 * When a CD is illegal. Rules about tables are those of VMSAv8-64; a descriptor with the older format passes
 * them and is refused as not modelled by whoever walks it.
 *
 * @spec IHI0070 5.4
 */
final class CdRules {
    /** A CD in use: under this STE, in this world. */
    record Used(Cd cd, Ste ste, StreamWorld world) {
        boolean test(Field field) {
            return cd.test(field);
        }

        /** Can an address lead into that half? */
        boolean walks(Half half) {
            return !half.disabled(cd) && (half == Half.LOWER || world.asids());
        }
    }

    static final List<Rule<Used>> ALL = List.of(
            rule("S=1 with STE.S1STALLD=1", (c, _) -> c.test(Cd.S) && c.ste.test(Ste.S1STALLD)),
            rule("S=1 with IDR0.STALL_MODEL=1", (c, id) ->
                    c.test(Cd.S) && id.get(Idr0.STALL_MODEL) == Idr.NO_STALLS),
            rule("S=0 with IDR0.STALL_MODEL=2", (c, id) ->
                    !c.test(Cd.S) && id.get(Idr0.STALL_MODEL) == Idr.ONLY_STALLS),
            rule("A=0 with IDR0.TERM_MODEL=1", (c, id) -> !c.test(Cd.A) && id.has(Idr0.TERM_MODEL)),
            rule("ENDI not in IDR0.TTENDIAN", (c, id) ->
                    !(c.test(Cd.EPD0) && c.test(Cd.EPD1)) && !id.reads(c.test(Cd.ENDI))),
            rule("AA64=0 without LPAE tables", (c, id) ->
                    !c.test(Cd.AA64) && (id.get(Idr0.TTF) & Idr.TTF_LPAE) == 0),
            rule("AA64=0 in EL2 with E2H", (c, _) -> !c.test(Cd.AA64) && c.world == StreamWorld.NS_EL2_E2H),
            rule("AA64=1 without VMSAv8-64 tables", (c, id) ->
                    c.test(Cd.AA64) && (id.get(Idr0.TTF) & Idr.TTF_AARCH64) == 0),
            rule("AA64=1 above stage 2 with S2AA64=0", (c, _) ->
                    c.test(Cd.AA64) && c.ste.config().stage2() && !c.ste.test(Ste.S2AA64)),
            rule("HA or HD not in IDR0.HTTU", (c, id) -> !id.updates(c.test(Cd.HA), c.test(Cd.HD))),
            rule("HAFT without HA", (c, id) -> id.get(Idr0.HTTU) == 3 && c.test(Cd.HAFT) && !c.test(Cd.HA)),
            rule("ASID above 8 bits", (c, id) ->
                    c.world.asids() && !id.has(Idr0.ASID16) && c.cd.asid() > 0xff));

    static final List<Rule<Used>> LOWER = tables(Half.LOWER);
    static final List<Rule<Used>> UPPER = tables(Half.UPPER);

    private CdRules() {
    }

    private static List<Rule<Used>> tables(Half half) {
        int x = half.ordinal();
        return List.of(
                rule("TG" + x + " reserved or not in IDR5", (c, id) ->
                        c.walks(half) && !tgKnown(c.cd, half, id)),
                rule("T" + x + "SZ out of range", (c, id) -> c.walks(half) && !txszInRange(c.cd, half, id)),
                rule("TTB" + x + " out of range", (c, id) -> c.walks(half) && !ttbInRange(c.cd, half, id)));
    }

    private static boolean tgKnown(Cd cd, Half half, Idr id) {
        Granule granule = half.granule(cd);
        return granule != null && granule.in(id);
    }

    private static boolean txszInRange(Cd cd, Half half, Idr id) {
        Granule granule = half.granule(cd);
        boolean wide = granule == Granule.G64K && id.has(Idr5.VAX) || ds(cd, id);
        int txsz = half.txsz(cd);
        return txsz >= granule.minTxsz(wide) && txsz <= granule.maxTxsz(id);
    }

    /** Within the output addresses of the CD; more than 48 bits only in the formats that can say so. */
    private static boolean ttbInRange(Cd cd, Half half, Idr id) {
        boolean wide = half.granule(cd) == Granule.G64K || ds(cd, id);
        return Idr.fits(half.ttb(cd), Math.min(id.capped(cd.get(Cd.IPS)), wide ? 52 : 48));
    }

    private static boolean ds(Cd cd, Idr id) {
        return id.has(Idr5.DS) && cd.test(Cd.DS);
    }
}
