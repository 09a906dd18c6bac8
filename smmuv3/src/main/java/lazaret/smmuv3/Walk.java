// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Memory;
import lazaret.pcie.At;
import lazaret.pcie.CplStatus;
import lazaret.pcie.Pasid;

/**
 * What an SMMU does with one transaction: it says which word of memory it wants next, is fed that word, and
 * in the end has an outcome. It changes with every step (docs/decisions/0016); what has to outlive a step is
 * {@link Paused}.
 *
 * <p>The whole of it, in order:
 * <ol>
 * <li>SMMUEN=0: GBPA decides. A translated transaction with ATSCHK=0 passes.
 * <li>The stream table leads to the STE; the STE is checked.
 * <li>Config=ABORT ends it. ATS traffic needs EATS. Config=BYPASS ends it.
 * <li>The substream selects a CD; the CD is checked.
 * <li>Stage 1 is walked, and what the leaf permits is compared with the access.
 * <li>Stage 2 is walked for each address that stage 1 says: of CDs, of descriptors, and of the access itself.
 * </ol>
 * Where hardware manages access flag and dirty state, a leaf is read once more to be {@linkplain #marked
 * marked}.
 *
 * <p>Hardware with caches asks {@link #needs}, and where it remembers the answer says so with one of the
 * {@code known} methods instead of feeding words; where it does not, it asks for what is {@link #unknown}.
 * After each step {@link #ste}, {@link #cd}, {@link #foundStage2} and {@link #foundStage1} say what may be
 * remembered. An entry that is remembered is judged once: the verdict is a function of its words and of what
 * the SMMU is.
 *
 * @spec IHI0070 3.4
 */
public final class Walk {
    /** What is to be looked up next. Whoever needs one may need those behind it first. */
    public enum Need { STE, CD, TRANSLATION, STAGE2, NOTHING }

    /** The end as a value, and what was found on the way, null where it was not. */
    public record Done(Transaction transaction, Outcome outcome, Ste ste, Cd cd, Translation translation) {
        public Translation stage2() {
            return translation == null ? null : translation.stage2();
        }
    }

    /** {@link #next}: the word is a level-1 descriptor. */
    static final int LEVEL_ONE = -1;

    Regs regs;
    int sid;
    int ssid;
    At at;
    AccessType type;
    long iova;
    private Transaction transaction;

    Place place;
    Place.Below below;
    /** Which word of an entry is wanted, or {@link #LEVEL_ONE}; and which were read. */
    int next;
    int have;
    Ste steRead;
    Cd cdRead;
    int level;
    /** Is it known where the next word is? */
    boolean located;
    /** Of the next word, as stage 1 says it; is that where it is; and where it is, then. */
    long address;
    boolean direct;
    long wants;
    /** What the tables on the way said about permissions, or-ed. */
    long above;
    long from;
    long to;
    int level2;
    long wants2;
    long from2;
    long to2;

    Ste ste;
    Cd cd;
    boolean legal;
    int cdIndex;
    /** What follows from STE, CD and address, looked up once. */
    boolean nested;
    Regime regime;
    Regime.Side side;
    AccessType access;
    long va;
    Granule granule2;
    int bits2;
    final Mapping s1 = new Mapping();
    final Mapping s2 = new Mapping();
    /** {@link #s1} goes all the way, through {@link #s2}. */
    boolean two;
    /** {@link #s1} comes from a table, not from a cache. */
    boolean fresh;
    /** The last step led to the next table of the same stage. */
    boolean deeper;
    private boolean found1;
    boolean found2;

    private boolean mapped;
    private final Verdict verdict = new Verdict();

    /** The first step of a walk. */
    public static Walk start(Regs regs, Transaction transaction) {
        Walk walk = new Walk();
        walk.ask(regs, transaction);
        walk.begin();
        return walk;
    }

    /** All of it, reading memory as it is now. Nothing is stored: what would be marked is taken as marked. */
    public static Done whole(Memory memory, Regs regs, Transaction transaction) {
        Walk walk = start(regs, transaction);
        while (!walk.done()) {
            walk.step(memory);
        }
        return walk.end();
    }

    /** A little further, with memory as it is now and without storing. */
    public Walk step(Memory memory) {
        if (!unknown()) {
            long pa = wants();
            if (memory.backs(pa)) {
                feed(marked(memory.load(pa)));
            } else {
                abort();
            }
        }
        return this;
    }

    /** Forgets all: another transaction is to {@link #begin}. */
    public void ask(Regs now, int newSid, int newSsid, At newAt, AccessType newType, long newIova) {
        regs = now;
        sid = newSid;
        ssid = newSsid;
        at = newAt;
        type = newType;
        iova = newIova;
        transaction = null;
        place = Place.STREAM;
        below = Place.Below.NOT;
        ste = null;
        cd = null;
        two = false;
        found1 = false;
        found2 = false;
        mapped = false;
        verdict.open();
    }

    /** As {@link #ask(Regs, int, int, At, AccessType, long)}. */
    public void ask(Regs now, Transaction tx) {
        ask(now, tx.sid(), tx.ssid(), tx.at(), tx.type(), tx.iova());
        transaction = tx;
    }

    public void begin() {
        StreamWalk.start(this);
    }

    /** Begins where the STE is known; see {@link #known(Ste, boolean)}. */
    public void begin(Ste known, boolean itIsLegal) {
        StreamWalk.start(this, known, itIsLegal);
    }

    /** Goes on from where that one was. */
    public void resume(Paused paused) {
        paused.to(this);
    }

    /** Ends it without a word: the SMMU is in service failure mode. */
    public void outOfService() {
        Ends.outOfService(this);
    }

    public Transaction transaction() {
        if (transaction == null) {
            transaction = new Transaction(sid, ssid, at, type, iova);
        }
        return transaction;
    }

    public Need needs() {
        return below == Place.Below.NOT ? place.need() : Need.STAGE2;
    }

    public boolean done() {
        return place == Place.END;
    }

    /**
     * What is needed is not known. Goes on to fetch it, which takes something else first; false if it is on
     * the way already, and {@link #wants} the next word.
     */
    public boolean unknown() {
        if (below != Place.Below.NOT || place != Place.CONTEXT && place != Place.TABLE || located && direct) {
            return false;
        }
        if (!located) {
            located = true;
            if (place == Place.CONTEXT) {
                ContextWalk.locate(this);
            } else {
                TableWalk.locate(this);
            }
        }
        if (!direct) {
            Stage2Walk.start(this);
        }
        return true;
    }

    /** Is the next word only the way to what is needed: a level-1 descriptor? */
    public boolean levelOne() {
        return below == Place.Below.NOT && next == LEVEL_ONE && place.reads();
    }

    /** Level of the table that holds the next descriptor; where that is what is wanted. */
    public int level() {
        return below == Place.Below.NOT ? level : level2;
    }

    /** Words of the STE or CD that are still to be read, as bits; 0 where no entry is being read. */
    public int missing() {
        if (below != Place.Below.NOT || !place.reads() || next == LEVEL_ONE) {
            return 0;
        }
        return place == Place.STREAM ? StreamWalk.missing(this) : ContextWalk.missing(this);
    }

    /** Wants that word of the {@link #missing} ones: they may be read in any order. */
    public void want(int word) {
        long on = 8L * (word - next);
        address += on;
        wants += on;
        next = word;
    }

    /** Address of the STE or CD that is being read. */
    public long entry() {
        return wants - 8L * next;
    }

    /** Address of the next word to feed; of a walk that is not {@link #unknown}. */
    public long wants() {
        return below == Place.Below.NOT ? wants : wants2;
    }

    /**
     * What the word at {@link #wants}, just read, becomes: something else where hardware marks a descriptor.
     * Reading and storing are one atomic step, and the result is fed.
     */
    public long marked(long word) {
        if (below == Place.Below.MARK) {
            return word == from2 ? to2 : word;
        }
        return below == Place.Below.NOT && place == Place.MARK && word == from ? to : word;
    }

    /** The word at {@link #wants} is this. */
    public Walk feed(long word) {
        deeper = false;
        found1 = false;
        found2 = false;
        if (below != Place.Below.NOT) {
            Stage2Walk.feed(this, word);
            return this;
        }
        switch (place) {
            case STREAM -> StreamWalk.feed(this, word);
            case CONTEXT -> ContextWalk.feed(this, word);
            case TABLE, MARK -> TableWalk.feed(this, word);
            case LAST, END -> throw new IllegalStateException("nothing more to fetch");
        }
        return this;
    }

    /** The fetch at {@link #wants} was answered with an external abort. */
    public Walk abort() {
        if (below != Place.Below.NOT) {
            Stage2Walk.abort(this);
            return this;
        }
        switch (place) {
            case STREAM -> StreamWalk.abort(this);
            case CONTEXT -> ContextWalk.abort(this);
            case TABLE, MARK -> TableWalk.abort(this);
            case LAST, END -> throw new IllegalStateException("nothing more to fetch");
        }
        return this;
    }

    // What caches know.

    /** Goes on with a known STE, which is judged now; where one is {@linkplain #needs needed}. */
    public Walk known(Ste entry) {
        return known(entry, Legality.ste(entry, regs.idr()).isEmpty());
    }

    /**
     * Goes on with a known STE; where one is {@linkplain #needs needed}.
     *
     * @param itIsLegal what {@link Legality#ste} says of it
     */
    public Walk known(Ste entry, boolean itIsLegal) {
        expect(Need.STE);
        StreamWalk.judged(this, entry, itIsLegal);
        return this;
    }

    /** Goes on with a known CD, which is judged now; where one is {@linkplain #needs needed}. */
    public Walk known(Cd entry) {
        expect(Need.CD);
        ContextWalk.judge(this, entry);
        return this;
    }

    /**
     * Goes on with a known CD; where one is {@linkplain #needs needed}.
     *
     * @param how what it comes to under this {@link #ste}, null if that was found illegal
     */
    public Walk known(Cd entry, Regime how) {
        expect(Need.CD);
        ContextWalk.judged(this, entry, how);
        return this;
    }

    /**
     * Goes on with the translation that was written to {@link #stage1}, and to {@link #stage2} if {@code
     * both}, and covers {@link #va}; or, where stage 2 is {@linkplain #needs needed}, to {@link #stage2},
     * and covers {@link #ipa}. False if the descriptor has to be looked at nevertheless, to be marked.
     */
    public boolean knownMapping(boolean both) {
        found1 = false;
        found2 = false;
        if (below != Place.Below.NOT) {
            return Stage2Walk.known(this);
        }
        expect(Need.TRANSLATION);
        two = both;
        return TableWalk.known(this);
    }

    /** As {@link #knownMapping}, with a value. */
    public boolean known(Translation translation) {
        if (below != Place.Below.NOT) {
            s2.set(translation);
            return knownMapping(false);
        }
        s1.set(translation);
        if (translation.stage2() != null) {
            s2.set(translation.stage2());
        }
        return knownMapping(translation.stage2() != null);
    }

    private void expect(Need need) {
        if (needs() != need) {
            throw new IllegalStateException("needs " + needs());
        }
    }

    // What has been found so far.

    /** The STE, as soon as it has been read; also one that is invalid. */
    public Ste ste() {
        return ste;
    }

    /** The CD, as soon as it has been read; also one that is invalid. */
    public Cd cd() {
        return cd;
    }

    /** Is the STE a legal one? */
    public boolean legal() {
        return legal;
    }

    /** Index of the CD that is wanted. */
    public int cdIndex() {
        return cdIndex;
    }

    /** The address to translate, without tag. */
    public long va() {
        return va;
    }

    /** The address that stage 2 is to translate. */
    public long ipa() {
        if (place != Place.LAST) {
            return address;
        }
        return two ? s2.va() | s1.pa(va) & s2.offsets() : s1.pa(va);
    }

    /** Has the last step led to the next table of the same stage, and nothing else? */
    public boolean wentDeeper() {
        return deeper;
    }

    /** Has the last step found, in tables, the whole translation of {@link #va}? It is {@link #stage1}. */
    public boolean foundStage1() {
        return found1;
    }

    /** Has it found, in tables, what stage 2 says? It is {@link #stage2}. */
    public boolean foundStage2() {
        return found2;
    }

    /** The translation, all the way if it is {@link #bothStages}. */
    public Mapping stage1() {
        return s1;
    }

    public Mapping stage2() {
        return s2;
    }

    public boolean bothStages() {
        return two;
    }

    /** The translation that let the transaction pass, as a value; null if there was none. */
    public Translation translation() {
        return mapped ? s1.translation(two ? s2.translation(null) : null) : null;
    }

    /** When {@link #done}: how it has ended. */
    public Verdict verdict() {
        return verdict;
    }

    /** The same as a value. */
    public Outcome outcome() {
        return verdict.outcome(mapped ? translation() : Translation.IDENTITY);
    }

    /** All of it as a value. Only when {@link #done}. */
    public Done end() {
        return new Done(transaction(), outcome(), ste, cd, translation());
    }

    /** It ends here; how is for the caller to say. */
    Verdict ends() {
        place = Place.END;
        below = Place.Below.NOT;
        return verdict;
    }

    /** What the mappings say lets it pass. */
    void passes() {
        mapped = true;
        found1 = fresh && s1.byLeaf();
        Ends.passes(this);
    }

    /** The registers as this walk sees them. */
    public Regs regs() {
        return regs;
    }

    boolean hasSsid() {
        return ssid != Pasid.NONE;
    }

    Event.Origin origin() {
        return new Event.Origin(sid, hasSsid(), hasSsid() ? ssid : 0);
    }

    /** The next word is there, as stage 1 says. */
    void goTo(long there) {
        address = there;
        wants = there;
        direct = !nested;
    }

    /** Of a stream whose CD is known. */
    public StreamWorld world() {
        return regime.world();
    }

    /** The access in the stream's eyes. A translated transaction is plain data. */
    AccessType access() {
        return at == At.TRANSLATED ? type.plain() : type.overridden(ste.heeded(regs.idr()));
    }

    /** Is the address more than {@code bits} wide? */
    boolean wider(int bits) {
        return !Idr.fits(iova, bits);
    }
}
