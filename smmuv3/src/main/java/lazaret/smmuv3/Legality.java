// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

/**
 * Is a structure in memory one that this SMMU accepts? Pure functions of its words and of the ID registers;
 * all of the architecture's rules for the Non-secure state are here, also those of features that are not
 * modelled. Answers are the broken rule in words, or {@link #LEGAL}.
 */
public final class Legality {
    /** No rule is broken. */
    public static final String LEGAL = "";

    private Legality() {
    }

    /** Why an STE is C_BAD_STE, or {@link #LEGAL}. */
    public static String ste(Ste ste, Idr idr) {
        if (!ste.valid()) {
            return "V=0";
        }
        return switch (ste.config()) {
            case ABORT, BYPASS -> LEGAL;
            case S1_TRANS -> Rule.first(ste, idr, SteRules.ATS, SteRules.STAGE1);
            case S2_TRANS -> Rule.first(ste, idr, SteRules.ATS, SteRules.STAGE2);
            case NESTED -> Rule.first(ste, idr, SteRules.ATS, SteRules.STAGE1, SteRules.STAGE2);
        };
    }

    /** Why a CD that {@code ste} leads to is C_BAD_CD, or {@link #LEGAL}. */
    public static String cd(Cd cd, Ste ste, Idr idr, boolean e2h) {
        if (!cd.valid()) {
            return "V=0";
        }
        var used = new CdRules.Used(cd, ste, StreamWorld.of(ste, idr, e2h));
        return cd.test(Cd.AA64)
                ? Rule.first(used, idr, CdRules.ALL, CdRules.LOWER, CdRules.UPPER)
                : Rule.first(used, idr, CdRules.ALL);
    }

    /**
     * Why this SMMU answers {@code command} with CERROR_ILL, or {@link #LEGAL}. Reserved bits do not count.
     */
    public static String command(Command command, Idr idr) {
        return switch (command) {
            case Command.PrefetchConfig _, Command.PrefetchAddr _, Command.CfgiSte _, Command.CfgiSteRange _,
                 Command.CfgiAll _, Command.TlbiNsnhAll _, Command.Sync _ -> LEGAL;
            case Command.CfgiCd _, Command.CfgiCdAll _, Command.TlbiNhAll _, Command.TlbiNhAsid _ ->
                need(idr.has(Idr0.S1P), "IDR0.S1P=0");
            case Command.TlbiNhVa c -> ranged(idr.has(Idr0.S1P), "IDR0.S1P=0", c.range(), idr);
            case Command.TlbiNhVaa c -> ranged(idr.has(Idr0.S1P), "IDR0.S1P=0", c.range(), idr);
            case Command.TlbiEl2All _, Command.TlbiEl2Asid _ -> need(idr.has(Idr0.HYP), "IDR0.Hyp=0");
            case Command.TlbiEl2Va c -> ranged(idr.has(Idr0.HYP), "IDR0.Hyp=0", c.range(), idr);
            case Command.TlbiEl2Vaa c -> ranged(idr.has(Idr0.HYP), "IDR0.Hyp=0", c.range(), idr);
            case Command.TlbiS12Vmall _ -> need(idr.has(Idr0.S2P), "IDR0.S2P=0");
            case Command.TlbiS2Ipa c -> ranged(idr.has(Idr0.S2P), "IDR0.S2P=0", c.range(), idr);
            case Command.CfgiVmsPidm _ -> need(idr.has(Idr3.MPAM), "IDR3.MPAM=0");
            case Command.AtcInv c -> idr.has(Idr0.ATS) ? need(c.size() <= AtcSpan.ALL, "Size") : "IDR0.ATS=0";
            case Command.PriResp _ -> need(idr.has(Idr0.PRI), "IDR0.PRI=0");
            case Command.Resume _, Command.StallTerm _ ->
                need(idr.get(Idr0.STALL_MODEL) != Idr.NO_STALLS, "IDR0.STALL_MODEL=1");
            case Command.Dpti _ -> need(idr.has(Idr3.DPT), "IDR3.DPT=0");
            case Command.Illegal _ -> "no such command";
        };
    }

    private static String need(boolean held, String otherwise) {
        return held ? LEGAL : otherwise;
    }

    private static String ranged(boolean held, String otherwise, TlbRange range, Idr idr) {
        boolean nonsense = idr.has(Idr3.RIL) && range.illegal();
        return held ? need(!nonsense, "range without extent") : otherwise;
    }
}
