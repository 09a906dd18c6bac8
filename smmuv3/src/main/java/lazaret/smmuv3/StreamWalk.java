// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Unmodelled;
import lazaret.pcie.At;

/**
 * On the way to an STE: the level-1 descriptor first, where the table has two levels, then the words of the
 * entry that matter, from the first to the last unless somebody wants another one first.
 */
final class StreamWalk {
    private static final Ste NOTHING = Ste.of(new long[8]);

    private StreamWalk() { }

    static void start(Walk w) {
        if (ended(w)) {
            return;
        }
        StreamTable table = w.regs.streamTable();
        switch (table.fmt()) {
            case LINEAR -> reach(w, table.ste(w.sid), 0);
            case TWO_LEVEL -> reach(w, table.l1std(w.sid), Walk.LEVEL_ONE);
        }
    }

    static void start(Walk w, Ste ste, boolean legal) {
        if (!ended(w)) {
            judged(w, ste, legal);
        }
    }

    /** Ends it where its STE does not matter. */
    private static boolean ended(Walk w) {
        if (!w.regs.smmuen()) {
            off(w);
        } else if (w.at == At.TRANSLATED && !w.regs.atschk()) {
            trusted(w);
        } else if (!w.regs.streamTable().contains(w.sid)) {
            Ends.unknownStream(w);
        }
        return w.done();
    }

    static void feed(Walk w, long word) {
        if (w.next == Walk.LEVEL_ONE) {
            long ste = w.regs.streamTable().ste(w.sid, word);
            if (ste == StreamTable.NOWHERE) {
                Ends.unknownStream(w);
            } else {
                reach(w, ste, 0);
            }
            return;
        }
        long[] words = w.steRead.words();
        words[w.next] = word;
        w.steRead = Ste.of(words);
        w.have |= 1 << w.next;
        int left = missing(w);
        if (left == 0) {
            judged(w, w.steRead, Legality.ste(w.steRead, w.regs.idr()).isEmpty());
        } else {
            w.want(Integer.numberOfTrailingZeros(left));
        }
    }

    /** The first word says how many matter; before it is read any may. */
    static int missing(Walk w) {
        int matter = (w.have & 1) == 0 ? Ste.SIZE / 8 : Ste.used(w.steRead.w0());
        return (1 << matter) - 1 & ~w.have;
    }

    static void judged(Walk w, Ste ste, boolean legal) {
        w.ste = ste;
        w.legal = legal;
        if (!legal) {
            Ends.misconfigured(w, new Event.CBadSte(w.origin()));
        } else if (ste.config() == Ste.Config.ABORT) {
            Ends.silenced(w);
        } else if (w.at == At.UNTRANSLATED) {
            ContextWalk.select(w);
        } else {
            ats(w);
        }
    }

    /** ATS traffic is as EATS says: a request is answered by a walk, a translated transaction is believed. */
    private static void ats(Walk w) {
        Ste.Eats eats = Ats.effective(w.ste, w.regs);
        if (eats != Ste.Eats.ABT && w.at == At.TRANSLATION_REQUEST) {
            ContextWalk.select(w);
            return;
        }
        switch (eats) {
            case ABT -> Ends.forbidden(w);
            case TRANS -> trusted(w);
            case S1CHK -> half(w);
            case DPT -> throw new Unmodelled("device permission tables (STE.EATS=DPT)");
        }
    }

    /** A translated transaction that has an IPA. */
    private static void half(Walk w) {
        refusePasid(w);
        if (w.wider(w.regs.idr().ias())) {
            Ends.outOfRange(w);
        } else {
            Stage2Walk.only(w);
        }
    }

    /** SMMUEN=0: untranslated traffic is aborted or passes as it is, ATS does not work. */
    private static void off(Walk w) {
        if (w.at != At.UNTRANSLATED) {
            Ends.forbidden(w);
        } else if (Gbpa.ABORT.test(w.regs.gbpa()) || w.wider(w.regs.idr().oas())) {
            w.ends().refused(true);
        } else {
            Ends.untouched(w);
        }
    }

    /** A translated transaction that is taken at its word; addresses that do not exist are aborted. */
    private static void trusted(Walk w) {
        refusePasid(w);
        if (w.wider(w.regs.idr().oas())) {
            w.ends().refused(true);
        } else {
            Ends.untouched(w);
        }
    }

    private static void refusePasid(Walk w) {
        if (w.hasSsid() && w.regs.idr().has(Idr3.PASIDTT)) {
            throw new Unmodelled("PASID on translated transactions (IDR3.PASIDTT)");
        }
    }

    private static void reach(Walk w, long address, int next) {
        w.wants = address;
        w.next = next;
        w.steRead = NOTHING;
        w.have = 0;
        if (!Idr.fits(address, w.regs.idr().oas())) {
            abort(w);
        }
    }

    static void abort(Walk w) {
        Ends.misconfigured(w, new Event.FSteFetch(w.origin(), Event.Fetch.at(w.wants)));
    }
}
