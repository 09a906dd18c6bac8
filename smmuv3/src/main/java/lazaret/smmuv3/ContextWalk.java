// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import java.util.List;
import lazaret.machine.Field;
import lazaret.machine.Unmodelled;
import lazaret.pcie.At;

/**
 * On the way from an STE to a CD: which one, where it is, and its words.
 *
 * @param cdIndex which CD of the stream
 * @param address of the word to fetch, as the STE says it
 * @param next    which word of the CD that is, or {@link #L1CD}
 * @param read    the words read so far, the others 0
 * @param have    which these are, as bits
 * @param via     how stage 2 translates that address; null where there is no stage 2 or it was not asked yet
 */
record ContextWalk(Asked asked, Ste ste, int cdIndex, long address, int next, Cd read, int have,
        Translation via)
        implements Walk, Stage2Walk.Client {
    /** A field whose feature an SMMU may have and this model has not. */
    private record Missing(Field field, Field feature) { }

    private static final List<Missing> MISSING = List.of(
            new Missing(Cd.DS, Idr5.DS), new Missing(Cd.PIE, Idr3.S1PI), new Missing(Cd.AIE, Idr3.AIE),
            new Missing(Cd.PNCH, Idr3.THE));

    private static final int L1CD = -1;
    private static final Cd NOTHING = Cd.of(new long[8]);

    /** Chooses the CD for the transaction's substream, or ends the walk for want of one. */
    static Walk select(Asked asked, Ste ste) {
        Transaction tx = asked.tx();
        int cdMax = asked.idr().cdMax(ste);
        if (tx.hasSsid()) {
            if (!ste.config().stage1() || cdMax == 0 || tx.ssid() >>> cdMax != 0) {
                return end(asked, asked.misconfigured(new Event.CBadSubstreamid(asked.origin())), ste);
            }
            boolean taken = tx.ssid() == 0 && ste.s1Dss() == Ste.S1Dss.SSID0;
            return taken ? disabled(asked, ste) : locate(asked, ste, tx.ssid());
        }
        if (!ste.config().stage1()) {
            return bypass(asked, ste);
        }
        if (cdMax == 0) {
            return locate(asked, ste, 0);
        }
        return switch (ste.s1Dss()) {
            case TERMINATE -> disabled(asked, ste);
            case BYPASS -> bypass(asked, ste);
            case SSID0 -> locate(asked, ste, 0);
        };
    }

    @Override
    public Transaction transaction() {
        return asked.tx();
    }

    @Override
    public Need needs() {
        return Need.CD;
    }

    @Override
    public Translation stage2() {
        return via;
    }

    @Override
    public Walk unknown() {
        return via == null && ste.config().stage2() ? Stage2Walk.start(asked, ste, this) : this;
    }

    @Override
    public long wants() {
        return via == null ? address : via.pa(address);
    }

    @Override
    public boolean levelOne() {
        return next == L1CD;
    }

    @Override
    public Walk feed(long word) {
        if (next == L1CD) {
            return descend(word);
        }
        long[] words = read.words();
        words[next] = word;
        Cd now = Cd.of(words);
        int had = have | 1 << next;
        int left = missing(now, had);
        return left == 0 ? with(now)
                : word(now, had, Integer.numberOfTrailingZeros(left));
    }

    private ContextWalk word(Cd now, int had, int word) {
        return new ContextWalk(asked, ste, cdIndex, address + 8L * (word - next), word, now, had, via);
    }

    @Override
    public int missing() {
        return next == L1CD ? 0 : missing(read, have);
    }

    /** The first word says how many matter; before it is read any may. */
    private static int missing(Cd read, int have) {
        int matter = (have & 1) == 0 ? Cd.SIZE / 8 : Cd.used(read.w0());
        return (1 << matter) - 1 & ~have;
    }

    @Override
    public Walk wanting(int word) {
        return word(read, have, word);
    }

    @Override
    public long entry() {
        return wants() - 8L * next;
    }

    @Override
    public Walk abort() {
        var event = new Event.FCdFetch(asked.origin(), Event.Fetch.at(wants()));
        return end(asked, asked.misconfigured(event), ste);
    }

    @Override
    public Walk with(Cd cd) {
        boolean legal = Legality.cd(cd, ste, asked.idr(), asked.regs().e2h()).isEmpty();
        if (legal) {
            refuseMissing(cd);
        }
        return with(cd, legal);
    }

    @Override
    public Walk with(Cd cd, boolean legal) {
        if (!legal) {
            Outcome bad = asked.misconfigured(new Event.CBadCd(asked.origin()));
            return new Done(asked.tx(), bad, ste, cd, null);
        }
        return TableWalk.start(asked, ste, cd);
    }

    private Walk descend(long l1cd) {
        long leaf = L1Cd.L2PTR.in(l1cd);
        int bits = ste.config().stage2() ? asked.idr().ias() : asked.idr().oas();
        if (!L1Cd.V.test(l1cd) || !Idr.fits(leaf, bits)) {
            return end(asked, asked.misconfigured(new Event.CBadSubstreamid(asked.origin())), ste);
        }
        int inLeaf = cdIndex & (1 << ste.s1Fmt().split()) - 1;
        return new ContextWalk(asked, ste, cdIndex, leaf + (long) inLeaf * Cd.SIZE, 0, NOTHING, 0, null);
    }

    private void refuseMissing(Cd cd) {
        if (!cd.test(Cd.AA64)) {
            throw new Unmodelled("VMSAv8-32 LPAE tables (CD.AA64=0)");
        }
        if (cd.test(Cd.ENDI)) {
            throw new Unmodelled("big-endian tables (CD.ENDI)");
        }
        if (cd.test(Cd.HAFT) && asked.idr().get(Idr0.HTTU) == 3) {
            throw new Unmodelled("HTTU: access flag of tables (CD.HAFT)");
        }
        for (int i = 0; i < MISSING.size(); i++) {
            Missing missing = MISSING.get(i);
            if (cd.test(missing.field) && asked.idr().has(missing.feature)) {
                throw new Unmodelled("CD." + missing.field.name());
            }
        }
    }

    /** The CD with that index: directly in an array, or behind a level-1 descriptor. */
    private static Walk locate(Asked asked, Ste ste, int index) {
        if (ste.test(Ste.S1PIE) && asked.idr().has(Idr3.S1PI)) {
            throw new Unmodelled("STE.S1PIE");
        }
        int cdMax = asked.idr().cdMax(ste);
        int split = ste.s1Fmt().split();
        if (cdMax == 0 || ste.s1Fmt() == Ste.S1Fmt.LINEAR) {
            long table = ste.s1ContextPtr() & -((long) Cd.SIZE << cdMax);
            return new ContextWalk(asked, ste, index, table + (long) index * Cd.SIZE, 0, NOTHING, 0, null);
        }
        long table = ste.s1ContextPtr() & -Math.max(64L, 8L << Math.max(0, cdMax - split));
        return new ContextWalk(asked, ste, index, table + 8L * (index >>> split), L1CD, NOTHING, 0, null);
    }

    private static Walk disabled(Asked asked, Ste ste) {
        return end(asked, asked.misconfigured(new Event.FStreamDisabled(asked.origin())), ste);
    }

    /**
     * No stage 1: an address passes as it is to stage 2, or to memory, if it has no more bits than there are.
     */
    private static Walk bypass(Asked asked, Ste ste) {
        boolean nothing = ste.config() == Ste.Config.BYPASS;
        if (asked.wider(nothing ? asked.idr().oas() : asked.idr().ias())) {
            return end(asked, asked.outOfRange(ste), ste);
        }
        return ste.config().stage2()
                ? Stage2Walk.only(asked, ste)
                : end(asked, asked.passes(ste, Translation.IDENTITY), ste);
    }

    private static Done end(Asked asked, Outcome outcome, Ste ste) {
        return new Done(asked.tx(), outcome, ste, null, null);
    }

    // For stage 2: the fetch of a CD.

    @Override
    public Evt.Class cls() {
        return Evt.Class.CD;
    }

    @Override
    public Cd cd() {
        return null;
    }

    @Override
    public long ipa() {
        return address;
    }

    @Override
    public Walk at(Translation stage2) {
        return new ContextWalk(asked, ste, cdIndex, address, next, read, have, stage2);
    }
}
