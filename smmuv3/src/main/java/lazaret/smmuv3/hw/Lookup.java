// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import lazaret.machine.Machine;
import lazaret.machine.Ram;
import lazaret.machine.Word;
import lazaret.pcie.At;
import lazaret.smmuv3.Cd;
import lazaret.smmuv3.Cr0;
import lazaret.smmuv3.Idr0;
import lazaret.smmuv3.Legality;
import lazaret.smmuv3.AccessType;
import lazaret.smmuv3.Paused;
import lazaret.smmuv3.Regime;
import lazaret.smmuv3.Regs;
import lazaret.smmuv3.Ste;
import lazaret.smmuv3.StreamWorld;
import lazaret.smmuv3.Transaction;
import lazaret.smmuv3.Verdict;
import lazaret.smmuv3.Walk;

/**
 * The walk of one port's current transaction: caches answer what they can, memory is read for the rest, one
 * word at a time, and what was read is remembered.
 *
 * @spec IHI0070 15.1
 */
final class Lookup {
    private final Machine machine;
    private final Ram ram;
    private final int sid;
    /** Nothing in it outlives a step (docs/decisions/0016). */
    private final Walk walk = new Walk();
    /** Nor in this one, which only answers questions. */
    private final Walk aside = new Walk();
    private final boolean stage2;
    private final boolean anyOrder;
    private final Registers registers;
    private final ConfigCache config;
    private final Iotlb iotlb;
    private final Staleness staleness;
    /** What the current transaction reads is not remembered. */
    private final Word spoiled;

    Lookup(Machine machine, SmmuParams params, Registers registers, ConfigCache config, Iotlb iotlb,
            Staleness staleness, int sid) {
        this.machine = machine;
        this.sid = sid;
        ram = machine.ram();
        stage2 = params.has(Idr0.S2P);
        anyOrder = params.takes(Liberty.READS_IN_ANY_ORDER);
        this.registers = registers;
        this.config = config;
        this.iotlb = iotlb;
        this.staleness = staleness;
        spoiled = new Word(machine.undo());
    }

    /** How the current transaction has ended; to be read before another one begins. */
    Walk walk() {
        return walk;
    }

    /** What the current transaction reads from now on is not remembered. */
    void spoil() {
        spoiled.set(1);
    }

    private boolean fills() {
        return staleness.caches() && !spoiled.test();
    }

    /** The transaction has ended: it leaves no trace. */
    void over() {
        spoiled.set(0);
    }

    /** Begins a transaction and goes as far as the caches lead. */
    void begin(int pasid, At at, AccessType type, long address) {
        if (!registers.working()) {
            walk.ask(registers.view(), sid, pasid, at, type, address);
            walk.outOfService();
            return;
        }
        boolean current = registers.on(Cr0.ATSCHK);
        ConfigCache.CachedSte cached = registers.on(Cr0.SMMUEN)
                ? config.ste(at != At.UNTRANSLATED, current) : null;
        boolean checked = cached == null ? current : cached.atschk();
        walk.ask(registers.view(checked), sid, pasid, at, type, address);
        if (cached != null) {
            walk.begin(cached.ste(), cached.legal());
            onward(Walk.Need.STE);
        } else {
            walk.begin();
            if (walk.levelOne() && config.hasL1std(walk.wants())) {         // the first word may be known
                walk.feed(config.l1std());
            }
        }
    }

    /** Goes on with one that was paused: fetches one word, and goes as far as the caches lead. */
    void fetch(Paused paused) {
        walk.resume(paused);
        fetch();
    }

    /** All of it. */
    void finish() {
        while (!walk.done()) {
            fetch();
        }
    }

    private void fetch() {
        if (anyOrder) {
            chooseWord();
        }
        long at = walk.wants();
        if (!ram.backs(at)) {
            walk.abort();
            return;
        }
        Walk.Need need = walk.needs();
        boolean levelOne = walk.levelOne();
        long entry = walk.entry();
        long word = mark(at);
        walk.feed(word);
        if (walk.wentDeeper()) {
            return;
        }
        if (fills()) {
            remember(need, levelOne ? at : entry, levelOne, word);
        }
        onward(need);
    }

    /** Words of an entry may be read in any order. */
    private void chooseWord() {
        int missing = walk.missing();
        int n = Integer.bitCount(missing);
        if (n < 2) {
            return;
        }
        for (int skip = machine.pick(n, "which word of the entry is read next"); skip > 0; skip--) {
            missing &= missing - 1;
        }
        walk.want(Integer.numberOfTrailingZeros(missing));
    }

    /** Reads a word, and marks it as accessed or dirty where the walk has it so. */
    private long mark(long at) {
        long word = ram.load(at);
        long marked = walk.marked(word);
        if (marked != word) {
            ram.store(at, marked);
        }
        return marked;
    }

    /** As far as the caches lead. They are asked what {@code before} did not need yet. */
    private void onward(Walk.Need before) {
        Walk.Need had = before;
        while (!walk.done()) {
            Walk.Need need = walk.needs();
            boolean asks = need.ordinal() > had.ordinal();
            if (!(asks && known(need)) && !way(need)) {
                return;
            }
            had = need;
        }
    }

    /** Goes on with what a cache answers; false if none does, or not well enough. */
    private boolean known(Walk.Need need) {
        return switch (need) {
            case CD -> {
                ConfigCache.CachedCd known = config.cd(walk.cdIndex());
                if (known != null) {
                    use(known);
                }
                yield known != null;
            }
            case TRANSLATION -> {
                int slot = iotlb.find(sid, space(), walk.va());
                yield slot >= 0 && whole(slot);
            }
            case STAGE2 -> {
                int slot = iotlb.find(sid, ipas(), walk.ipa());
                yield slot >= 0 && stage2(slot);
            }
            case STE, NOTHING -> false;
        };
    }

    /** Under another STE, or where E2H differs, it is judged again. */
    private void use(ConfigCache.CachedCd known) {
        ConfigCache.Verdict verdict = known.verdict();
        if (verdict.under() == walk.ste() && verdict.e2h() == walk.regs().e2h()) {
            walk.known(known.cd(), verdict.regime());
        } else {
            walk.known(known.cd());
        }
    }

    private boolean whole(int slot) {
        iotlb.toUse(slot, walk.stage1());
        return walk.knownMapping(iotlb.toStage2(slot, walk.stage2()));
    }

    /** It may have been the last that stage 1 needed. */
    private boolean stage2(int slot) {
        iotlb.to(slot, walk.stage2());
        boolean known = walk.knownMapping(false);
        if (fills()) {
            translated();
        }
        return known;
    }

    private ConfigCache.Verdict judge(Cd cd, Ste under) {
        Regs regs = registers.view();
        boolean legal = Legality.cd(cd, under, regs.idr(), regs.e2h()).isEmpty();
        Regime regime = legal ? Regime.of(under, cd, regs.idr(), regs.e2h()) : null;
        return new ConfigCache.Verdict(under, regs.e2h(), regime);
    }

    /** Memory has to say; on the way there another cache may help. False if a word is to be fetched. */
    private boolean way(Walk.Need need) {
        if (walk.unknown()) {
            return true;
        }
        boolean known = need == Walk.Need.CD && walk.levelOne() && config.hasL1cd(walk.wants());
        if (known) {
            walk.feed(config.l1cd());
        }
        return known;
    }

    /**
     * {@code word} was fed to a walk that needed {@code need}: is something complete?
     *
     * @param at where the entry of configuration is that it belongs to, or it itself if {@code levelOne}
     */
    private void remember(Walk.Need need, long at, boolean levelOne, long word) {
        switch (need) {
            case STE -> {
                if (walk.ste() != null) {
                    config.remember(walk.ste(), walk.legal(), at, walk.regs().atschk());
                } else if (levelOne) {
                    config.rememberL1std(word, at);
                }
            }
            case CD -> {
                if (walk.cd() != null) {
                    config.remember(walk.cdIndex(), walk.cd(), judge(walk.cd(), walk.ste()), at);
                } else if (levelOne) {
                    config.rememberL1cd(word, at);
                }
            }
            case TRANSLATION -> translated();
            case STAGE2 -> {
                if (walk.foundStage2()) {
                    iotlb.rememberStage2(ipas(), walk);
                }
                translated();
            }
            case NOTHING -> throw new IllegalStateException("done");
        }
    }

    private void translated() {
        if (walk.foundStage1()) {
            iotlb.remember(space(), walk);
        }
    }

    /** A transaction with its STE, from the cache or at once from memory, or with what is wrong about it. */
    Walk steNow(Transaction transaction) {
        ConfigCache.CachedSte cached = config.ste(false, false);
        Walk walk = Walk.start(registers.view(), transaction);
        if (cached != null && !walk.done()) {
            return walk.known(cached.ste(), cached.legal());
        }
        return ste(walk);
    }

    private Walk ste(Walk walk) {
        while (walk.needs() == Walk.Need.STE) {
            walk.step(ram);
        }
        return walk;
    }

    private long ipas() {
        return Iotlb.ipas(walk.ste().get(Ste.S2VMID));
    }

    private long space() {
        StreamWorld world = walk.world();
        int vmid = stage2 && world == StreamWorld.NS_EL1 ? walk.ste().get(Ste.S2VMID) : 0;
        return Iotlb.space(world, vmid, world.asids() ? walk.cd().asid() : 0);
    }

    /**
     * Would a transaction like this be refused, by what is cached, by what is in memory, and by what {@code
     * under}, the walk under way or null, is about to remember? Changes nothing.
     */
    boolean refuses(Transaction transaction, Paused under) {
        if (!refused(transaction, registers.on(Cr0.ATSCHK), null)) {
            return false;
        }
        ConfigCache.CachedSte cached = config.peekSte();
        if (cached != null && !refused(transaction, cached.atschk(), cached.ste())) {
            return false;
        }
        Ste next = under == null || !fills() ? null : ste(aside(under)).ste();
        return next == null || refused(transaction, under.regs().atschk(), next);
    }

    private Walk aside(Paused under) {
        aside.resume(under);
        return aside;
    }

    /** Will a walk under way end in a refusal, if memory stays as it is? */
    boolean endsRefused(Paused under) {
        return never(aside(under));
    }

    private boolean refused(Transaction transaction, boolean checked, Ste known) {
        Regs regs = registers.view(checked);
        aside.ask(regs, transaction);
        if (known != null) {                    // wherever the table is by now
            aside.begin(known, Legality.ste(known, regs.idr()).isEmpty());
            return never(aside);
        }
        aside.begin();
        if (!aside.done() && config.peekL1std(aside.wants())) {
            if (!never(aside.feed(config.l1std()))) {
                return false;
            }
            aside.ask(regs, transaction);
            aside.begin();
        }
        return never(aside);
    }

    /** Refused for what the STE is, not for what the address is? */
    private boolean never(Walk walk) {
        return ste(walk).verdict().end() == Verdict.End.REFUSED;
    }
}
