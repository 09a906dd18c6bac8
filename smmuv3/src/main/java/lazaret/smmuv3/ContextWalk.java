// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import java.util.List;
import lazaret.machine.Field;
import lazaret.machine.Unmodelled;

/** On the way from an STE to a CD: which one, where it is, and its words. */
final class ContextWalk {
    /** A field whose feature an SMMU may have and this model has not. */
    private record Missing(Field field, Field feature) { }

    private static final List<Missing> MISSING = List.of(
            new Missing(Cd.DS, Idr5.DS), new Missing(Cd.PIE, Idr3.S1PI), new Missing(Cd.AIE, Idr3.AIE),
            new Missing(Cd.PNCH, Idr3.THE));

    private static final Cd NOTHING = Cd.of(new long[8]);

    private ContextWalk() { }

    /** Chooses the CD for the transaction's substream, or ends the walk for want of one. */
    static void select(Walk w) {
        Ste ste = w.ste;
        w.nested = ste.config().stage2();
        int cdMax = w.regs.idr().cdMax(ste);
        if (w.hasSsid()) {
            if (!ste.config().stage1() || cdMax == 0 || w.ssid >>> cdMax != 0) {
                Ends.misconfigured(w, new Event.CBadSubstreamid(w.origin()));
            } else if (w.ssid == 0 && ste.s1Dss() == Ste.S1Dss.SSID0) {
                disabled(w);
            } else {
                find(w, w.ssid);
            }
        } else if (!ste.config().stage1()) {
            bypass(w);
        } else if (cdMax == 0) {
            find(w, 0);
        } else {
            switch (ste.s1Dss()) {
                case TERMINATE -> disabled(w);
                case BYPASS -> bypass(w);
                case SSID0 -> find(w, 0);
            }
        }
    }

    static void feed(Walk w, long word) {
        if (w.next == Walk.LEVEL_ONE) {
            descend(w, word);
            return;
        }
        long[] words = w.cdRead.words();
        words[w.next] = word;
        w.cdRead = Cd.of(words);
        w.have |= 1 << w.next;
        int left = missing(w);
        if (left == 0) {
            judge(w, w.cdRead);
        } else {
            w.want(Integer.numberOfTrailingZeros(left));
        }
    }

    /** The first word says how many matter; before it is read any may. */
    static int missing(Walk w) {
        int matter = (w.have & 1) == 0 ? Cd.SIZE / 8 : Cd.used(w.cdRead.w0());
        return (1 << matter) - 1 & ~w.have;
    }

    static void abort(Walk w) {
        Ends.misconfigured(w, new Event.FCdFetch(w.origin(), Event.Fetch.at(w.wants)));
    }

    static void judge(Walk w, Cd cd) {
        boolean legal = Legality.cd(cd, w.ste, w.regs.idr(), w.regs.e2h()).isEmpty();
        if (legal) {
            refuseMissing(cd, w.regs.idr());
        }
        judged(w, cd, legal ? Regime.of(w.ste, cd, w.regs.idr(), w.regs.e2h()) : null);
    }

    static void judged(Walk w, Cd cd, Regime regime) {
        w.cd = cd;
        w.regime = regime;
        if (regime != null) {
            TableWalk.start(w);
        } else {
            Ends.misconfigured(w, new Event.CBadCd(w.origin()));
        }
    }

    private static void descend(Walk w, long l1cd) {
        long leaf = L1Cd.L2PTR.in(l1cd);
        int bits = w.nested ? w.regs.idr().ias() : w.regs.idr().oas();
        if (!L1Cd.V.test(l1cd) || !Idr.fits(leaf, bits)) {
            Ends.misconfigured(w, new Event.CBadSubstreamid(w.origin()));
            return;
        }
        int inLeaf = w.cdIndex & (1 << w.ste.s1Fmt().split()) - 1;
        reach(w, leaf + (long) inLeaf * Cd.SIZE, 0);
    }

    private static void refuseMissing(Cd cd, Idr idr) {
        if (!cd.test(Cd.AA64)) {
            throw new Unmodelled("VMSAv8-32 LPAE tables (CD.AA64=0)");
        }
        if (cd.test(Cd.ENDI)) {
            throw new Unmodelled("big-endian tables (CD.ENDI)");
        }
        if (cd.test(Cd.HAFT) && idr.get(Idr0.HTTU) == 3) {
            throw new Unmodelled("HTTU: access flag of tables (CD.HAFT)");
        }
        for (int i = 0; i < MISSING.size(); i++) {
            Missing missing = MISSING.get(i);
            if (cd.test(missing.field) && idr.has(missing.feature)) {
                throw new Unmodelled("CD." + missing.field.name());
            }
        }
    }

    /** The CD with that index is wanted. */
    private static void find(Walk w, int index) {
        if (w.ste.test(Ste.S1PIE) && w.regs.idr().has(Idr3.S1PI)) {
            throw new Unmodelled("STE.S1PIE");
        }
        w.place = Place.CONTEXT;
        w.cdIndex = index;
        w.located = false;
    }

    /** It is directly in an array, or behind a level-1 descriptor. */
    static void locate(Walk w) {
        Ste ste = w.ste;
        int index = w.cdIndex;
        int cdMax = w.regs.idr().cdMax(ste);
        if (cdMax == 0 || ste.s1Fmt() == Ste.S1Fmt.LINEAR) {
            reach(w, (ste.s1ContextPtr() & -((long) Cd.SIZE << cdMax)) + (long) index * Cd.SIZE, 0);
        } else {
            int split = ste.s1Fmt().split();
            long table = ste.s1ContextPtr() & -Math.max(64L, 8L << Math.max(0, cdMax - split));
            reach(w, table + 8L * (index >>> split), Walk.LEVEL_ONE);
        }
    }

    private static void reach(Walk w, long address, int next) {
        w.goTo(address);
        w.next = next;
        w.cdRead = NOTHING;
        w.have = 0;
    }

    private static void disabled(Walk w) {
        Ends.misconfigured(w, new Event.FStreamDisabled(w.origin()));
    }

    /**
     * No stage 1: an address passes as it is to stage 2, or to memory, if it has no more bits than there are.
     */
    private static void bypass(Walk w) {
        boolean nothing = w.ste.config() == Ste.Config.BYPASS;
        if (w.wider(nothing ? w.regs.idr().oas() : w.regs.idr().ias())) {
            Ends.outOfRange(w);
        } else if (w.nested) {
            Stage2Walk.only(w);
        } else {
            Ends.untouched(w);
        }
    }
}
