// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Unmodelled;

/**
 * Down the stage-2 tables of an STE, one descriptor at a time, for an IPA that stage 1 stands at: of a CD, of
 * a descriptor to read or to {@linkplain TableWalk mark}, or of the access itself.
 *
 * @spec DDI0487 D8.2
 * @spec DDI0487 D8.5
 * @spec IHI0070 3.3.1
 */
final class Stage2Walk {
    private static final int DEVICE = 4;

    private Stage2Walk() { }

    /** Checks that stage 2 has such an address, and goes to the first table. */
    static void start(Walk w) {
        refuseMissing(w.ste, w.regs.idr());
        int bits = 64 - w.ste.get(Ste.S2T0SZ);
        if (!Idr.fits(w.ipa(), Math.min(bits, w.regs.idr().ias()))) {
            fault(w, EventId.F_TRANSLATION);
            return;
        }
        aim(w);
        w.below = Place.Below.TABLE;
        w.level2 = start(w.granule2, w.ste.get(Ste.S2SL0));
        w.wants2 = w.granule2.first(Ste.S2TTB.in(w.ste.w3()), bits, w.level2, w.ipa());
    }

    /** What follows from the STE. */
    static void aim(Walk w) {
        w.granule2 = Granule.tg0(w.ste.get(Ste.S2TG));
        w.bits2 = w.regs.idr().capped(w.ste.get(Ste.S2PS));
    }

    /** The transaction has an IPA already. */
    static void only(Walk w) {
        w.place = Place.LAST;
        w.access = w.access();
        w.va = w.iova;
        w.s1.identity();
        w.fresh = false;
        start(w);
    }

    /** Code 3 is for tables smaller than any other: their only level is the last. */
    private static int start(Granule granule, int sl0) {
        return switch (granule) {
            case G4K -> sl0 == Pte.LAST_LEVEL ? Pte.LAST_LEVEL : 2 - sl0;
            case G16K, G64K -> Pte.LAST_LEVEL - sl0;
        };
    }

    private static void refuseMissing(Ste ste, Idr idr) {
        if (!ste.test(Ste.S2AA64)) {
            throw new Unmodelled("VMSAv8-32 LPAE tables (STE.S2AA64=0)");
        }
        if (ste.test(Ste.S2ENDI)) {
            throw new Unmodelled("big-endian tables (STE.S2ENDI)");
        }
        if (ste.test(Ste.S2DS) && idr.has(Idr5.DS)) {
            throw new Unmodelled("52-bit addresses with small granules (STE.S2DS)");
        }
        if (ste.test(Ste.S2HAFT) && idr.get(Idr0.HTTU) == 3) {
            throw new Unmodelled("HTTU: access flag of tables (STE.S2HAFT)");
        }
        if (ste.test(Ste.S2PIE) && idr.has(Idr3.S2PI)) {
            throw new Unmodelled("STE.S2PIE");
        }
    }

    static void feed(Walk w, long pte) {
        Idr idr = w.regs.idr();
        Granule granule = w.granule2;
        boolean table = Pte.table(pte, w.level2);
        if (!table && !granule.leaf(pte, w.level2, idr)) {
            fault(w, EventId.F_TRANSLATION);
            return;
        }
        long output = granule.output(pte, idr);
        if (!Idr.fits(output, w.bits2)) {
            fault(w, EventId.F_ADDR_SIZE);
        } else if (table) {
            w.below = Place.Below.TABLE;
            w.level2++;
            w.wants2 = granule.next(output, w.level2, w.ipa());
            w.deeper = true;
        } else {
            leaf(w, pte, output, granule.shift(w.level2));
        }
    }

    private static void leaf(Walk w, long pte, long output, int shift) {
        Ste ste = w.ste;
        boolean sets = ste.test(Ste.S2HA);
        if (!Pte.AF.test(pte) && !sets && !ste.test(Ste.S2AFFD)) {
            fault(w, EventId.F_ACCESS);
            return;
        }
        boolean clean = sets && ste.test(Ste.S2HD) && Pte.DBM.test(pte) && (pte & Pte.S2AP_WRITE) == 0;
        int rights = Rights.stage2(clean ? pte | Pte.S2AP_WRITE : pte, w.regs.idr().has(Idr3.XNX));
        w.s2.leaf(w.ipa(), output, shift, rights, w.wants2, pte);
        w.s2.says(false, clean, Pte.MEMATTR.getInt(pte));
        if (!permits(w)) {
            refuse(w);
            return;
        }
        long marked = pte | (sets && used(w) ? Pte.AF.mask() : 0);
        marked |= clean && dirtied(w) ? Pte.S2AP_WRITE : 0;
        if (marked == pte) {
            w.found2 = true;
            goOn(w);
        } else {
            w.below = Place.Below.MARK;
            w.from2 = pte;
            w.to2 = marked;
        }
    }

    private static boolean used(Walk w) {
        return w.place != Place.LAST || w.s2.usedBy(w);
    }

    private static boolean dirtied(Walk w) {
        return w.place == Place.LAST ? w.s2.dirtiedBy(w) : w.place == Place.MARK;
    }

    static void abort(Walk w) {
        var event = new Event.FWalkEabt(w.origin(), Event.Fetch.at(w.wants2), w.access(), true,
                w.place.cls(), w.iova);
        Ends.unreadable(w, event);
    }

    /** What stage 2 says is known already. False if it has to be looked at nevertheless, to be marked. */
    static boolean known(Walk w) {
        boolean writes = w.place == Place.MARK || w.place == Place.LAST && w.type.write();
        if (writes && w.s2.clean()) {
            return false;
        }
        settle(w);
        return true;
    }

    /** Stage 2 has said something: does that do? */
    static void settle(Walk w) {
        if (permits(w)) {
            goOn(w);
        } else {
            refuse(w);
        }
    }

    /** With the answer, to where it was wanted. */
    private static void goOn(Walk w) {
        w.below = Place.Below.NOT;
        switch (w.place) {
            case CONTEXT, TABLE -> {
                w.direct = true;
                w.wants = w.s2.pa(w.address);
            }
            case MARK -> { }                    // the descriptor is where it was read
            case LAST -> {
                if (!w.two) {
                    w.s1.above(w.s2, w.va);
                    w.two = true;
                }
                w.passes();
            }
            case STREAM, END -> throw new IllegalStateException("no stage 2 for " + w.place);
        }
    }

    private static boolean permits(Walk w) {
        if (w.place == Place.LAST) {
            return w.s2.allows(w);
        }
        if (w.ste.test(Ste.S2PTW) && w.s2.attr() < DEVICE) {
            if (w.ste.test(Ste.S2FWB) && w.regs.idr().has(Idr3.FWB)) {
                throw new Unmodelled("STE.S2FWB together with S2PTW");
            }
            return false;
        }
        Rights.Mode may = Rights.of(w.s2.rights()).unpriv();
        return w.place == Place.MARK ? may.write() : may.read();
    }

    private static void refuse(Walk w) {
        w.found2 = false;
        Ends.faulted2(w, EventId.F_PERMISSION, w.place == Place.TABLE);
    }

    private static void fault(Walk w, EventId kind) {
        Ends.faulted2(w, kind, false);
    }
}
