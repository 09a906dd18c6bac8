// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Unmodelled;
import lazaret.pcie.At;

/**
 * On the way to an STE: the level-1 descriptor first, where the table has two levels, then the words of the
 * entry that matter, from the first to the last unless somebody wants another one first.
 *
 * @param wants address of the word to fetch
 * @param next  which word of the STE that is, or {@link #L1STD}
 * @param read  the words read so far, the others 0
 * @param have  which these are, as bits
 */
record StreamWalk(Asked asked, long wants, int next, Ste read, int have) implements Walk {
    private static final int L1STD = -1;
    private static final Ste NOTHING = Ste.of(new long[8]);

    static Walk start(Asked asked) {
        Outcome early = early(asked);
        if (early != null) {
            return end(asked, early, null);
        }
        StreamTable table = asked.regs().streamTable();
        int sid = asked.tx().sid();
        return switch (table.fmt()) {
            case LINEAR -> reach(asked, table.ste(sid), 0);
            case TWO_LEVEL -> reach(asked, table.l1std(sid), L1STD);
        };
    }

    static Walk start(Asked asked, Ste ste, boolean legal) {
        Outcome early = early(asked);
        return early == null ? judged(asked, ste, legal) : end(asked, early, null);
    }

    /** What becomes of it whatever its STE says, null if that matters. */
    private static Outcome early(Asked asked) {
        Regs regs = asked.regs();
        if (!regs.smmuen()) {
            return off(asked);
        }
        if (asked.tx().at() == At.TRANSLATED && !regs.atschk()) {
            return trusted(asked);
        }
        return regs.streamTable().contains(asked.tx().sid()) ? null : asked.unknownStream();
    }

    @Override
    public Transaction transaction() {
        return asked.tx();
    }

    @Override
    public Need needs() {
        return Need.STE;
    }

    @Override
    public boolean levelOne() {
        return next == L1STD;
    }

    @Override
    public Walk feed(long word) {
        if (next == L1STD) {
            long ste = asked.regs().streamTable().ste(asked.tx().sid(), word);
            return ste == StreamTable.NOWHERE
                    ? end(asked, asked.unknownStream(), null)
                    : reach(asked, ste, 0);
        }
        long[] words = read.words();
        words[next] = word;
        Ste now = Ste.of(words);
        int had = have | 1 << next;
        int left = missing(now, had);
        return left == 0 ? with(now)
                : word(now, had, Integer.numberOfTrailingZeros(left));
    }

    @Override
    public int missing() {
        return next == L1STD ? 0 : missing(read, have);
    }

    /** The first word says how many matter; before it is read any may. */
    private static int missing(Ste read, int have) {
        int matter = (have & 1) == 0 ? Ste.SIZE / 8 : Ste.used(read.w0());
        return (1 << matter) - 1 & ~have;
    }

    private StreamWalk word(Ste now, int had, int word) {
        return new StreamWalk(asked, entry() + 8L * word, word, now, had);
    }

    @Override
    public Walk wanting(int word) {
        return word(read, have, word);
    }

    @Override
    public long entry() {
        return wants - 8L * next;
    }

    @Override
    public Walk abort() {
        return unreadable(asked, wants);
    }

    @Override
    public Walk with(Ste ste) {
        return judged(asked, ste, Legality.ste(ste, asked.idr()).isEmpty());
    }

    @Override
    public Walk with(Ste ste, boolean legal) {
        return judged(asked, ste, legal);
    }

    private static Walk judged(Asked asked, Ste ste, boolean legal) {
        if (!legal) {
            return end(asked, asked.misconfigured(new Event.CBadSte(asked.origin())), ste);
        }
        if (ste.config() == Ste.Config.ABORT) {
            return end(asked, asked.silenced(), ste);
        }
        return asked.untranslated() ? ContextWalk.select(asked, ste) : ats(asked, ste);
    }

    /** ATS traffic is as EATS says: a request is answered by a walk, a translated transaction is believed. */
    private static Walk ats(Asked asked, Ste ste) {
        Ste.Eats eats = Ats.effective(ste, asked.regs());
        if (eats == Ste.Eats.ABT) {
            return end(asked, asked.forbidden(), ste);
        }
        if (asked.tx().at() == At.TRANSLATION_REQUEST) {
            return ContextWalk.select(asked, ste);
        }
        return switch (eats) {
            case ABT -> end(asked, asked.forbidden(), ste);
            case TRANS -> end(asked, trusted(asked), ste);
            case S1CHK -> half(asked, ste);
            case DPT -> throw new Unmodelled("device permission tables (STE.EATS=DPT)");
        };
    }

    /** A translated transaction that has an IPA. */
    private static Walk half(Asked asked, Ste ste) {
        refusePasid(asked);
        return asked.wider(asked.idr().ias())
                ? end(asked, asked.outOfRange(ste), ste)
                : Stage2Walk.only(asked, ste);
    }

    /** SMMUEN=0: untranslated traffic is aborted or passes as it is, ATS does not work. */
    private static Outcome off(Asked asked) {
        if (!asked.untranslated()) {
            return asked.forbidden();
        }
        boolean abort = Gbpa.ABORT.test(asked.regs().gbpa()) || asked.wider(asked.idr().oas());
        return abort ? Outcome.Refused.SILENTLY : asked.passes(null, Translation.IDENTITY);
    }

    /** A translated transaction that is taken at its word; addresses that do not exist are aborted. */
    private static Outcome trusted(Asked asked) {
        refusePasid(asked);
        boolean exists = !asked.wider(asked.idr().oas());
        return exists ? asked.passes(null, Translation.IDENTITY) : Outcome.Refused.SILENTLY;
    }

    private static void refusePasid(Asked asked) {
        if (asked.tx().hasSsid() && asked.idr().has(Idr3.PASIDTT)) {
            throw new Unmodelled("PASID on translated transactions (IDR3.PASIDTT)");
        }
    }

    private static Walk reach(Asked asked, long address, int next) {
        boolean exists = Idr.fits(address, asked.idr().oas());
        return exists ? new StreamWalk(asked, address, next, NOTHING, 0) : unreadable(asked, address);
    }

    private static Walk unreadable(Asked asked, long address) {
        var event = new Event.FSteFetch(asked.origin(), Event.Fetch.at(address));
        return end(asked, asked.misconfigured(event), null);
    }

    private static Done end(Asked asked, Outcome outcome, Ste ste) {
        return new Done(asked.tx(), outcome, ste, null, null);
    }
}
