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
import lazaret.smmuv3.Outcome;
import lazaret.smmuv3.Regs;
import lazaret.smmuv3.Ste;
import lazaret.smmuv3.StreamWorld;
import lazaret.smmuv3.Transaction;
import lazaret.smmuv3.Translation;
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
    private final boolean stage2;
    private final boolean anyOrder;
    private final Registers registers;
    private final ConfigCache config;
    private final Iotlb iotlb;
    private final Staleness staleness;
    /** CR0.ATSCHK as the current transaction sees it. */
    private final Word atschk;
    /** What the current transaction reads is remembered. */
    private final Word fills;

    Lookup(Machine machine, SmmuParams params, Registers registers, ConfigCache config, Iotlb iotlb,
            Staleness staleness) {
        this.machine = machine;
        ram = machine.ram();
        stage2 = params.has(Idr0.S2P);
        anyOrder = params.takes(Liberty.READS_IN_ANY_ORDER);
        this.registers = registers;
        this.config = config;
        this.iotlb = iotlb;
        this.staleness = staleness;
        atschk = new Word(machine.undo());
        fills = new Word(machine.undo());
    }

    /** What the current transaction reads from now on is not remembered. */
    void spoil() {
        fills.set(0);
    }

    /** Begins a transaction and goes as far as the caches lead. */
    Walk begin(Transaction transaction) {
        boolean current = registers.on(Cr0.ATSCHK);
        ConfigCache.CachedSte cached = registers.on(Cr0.SMMUEN)
                ? config.ste(transaction.at() != At.UNTRANSLATED, current) : null;
        boolean checked = cached == null ? current : cached.atschk();
        atschk.set(checked);
        fills.set(staleness.caches());
        Regs regs = registers.view(checked);
        if (cached != null) {
            Walk walk = Walk.start(regs, transaction, cached.ste(), cached.legal());
            return onward(Walk.Need.STE, walk);
        }
        Walk walk = Walk.start(regs, transaction);
        return walk.done() ? walk : levelOne(walk);
    }

    /** With a 2-level table the first word may be known. */
    private Walk levelOne(Walk walk) {
        return walk.levelOne() && config.hasL1std(walk.wants()) ? walk.feed(config.l1std()) : walk;
    }

    /** Fetches one word, and goes on as far as the caches lead. */
    Walk fetch(Walk wanted) {
        Walk walk = anyOrder ? anyWord(wanted) : wanted;
        long at = walk.wants();
        if (!ram.backs(at)) {
            return walk.abort();
        }
        long word = mark(walk, at);
        Walk next = walk.feed(word);
        Walk.Need need = walk.needs();
        if (fills.test()) {
            remember(need, walk, next, at, word);
        }
        return onward(need, next);
    }

    /** All of it. */
    Walk finish(Walk walk) {
        Walk next = walk;
        while (!(next instanceof Walk.Done)) {
            next = fetch(next);
        }
        return next;
    }

    /** Words of an entry may be read in any order. */
    private Walk anyWord(Walk walk) {
        int missing = walk.missing();
        int n = Integer.bitCount(missing);
        if (n < 2) {
            return walk;
        }
        for (int skip = machine.pick(n, "which word of the entry is read next"); skip > 0; skip--) {
            missing &= missing - 1;
        }
        return walk.wanting(Integer.numberOfTrailingZeros(missing));
    }

    /** Reads a word, and marks it as accessed or dirty where the walk has it so. */
    private long mark(Walk walk, long at) {
        long word = ram.load(at);
        long marked = walk.marked(word);
        if (marked != word) {
            ram.store(at, marked);
        }
        return marked;
    }

    /** As far as the caches lead. They are asked what {@code before} did not need yet. */
    private Walk onward(Walk.Need before, Walk next) {
        Walk walk = next;
        Walk.Need had = before;
        while (!(walk instanceof Walk.Done)) {
            Walk.Need need = walk.needs();
            boolean asks = need.ordinal() > had.ordinal();
            Walk on = asks ? known(walk, need) : walk;
            on = on == walk ? way(walk, need) : on;
            if (on == walk) {
                return walk;
            }
            walk = on;
            had = need;
        }
        return walk;
    }

    /** Goes on with what a cache answers; itself if none does, or not well enough. */
    private Walk known(Walk walk, Walk.Need need) {
        return switch (need) {
            case CD -> {
                ConfigCache.CachedCd known = config.cd(walk.cdIndex());
                yield known == null ? walk : with(walk, known);
            }
            case TRANSLATION -> {
                Translation known = iotlb.find(walk.transaction().sid(), space(walk), walk.va());
                yield known == null ? walk : walk.with(known);
            }
            case STAGE2 -> {
                Translation known = iotlb.find(walk.transaction().sid(), stage2(walk), walk.ipa());
                yield known == null ? walk : stage2(walk, walk.with(known));
            }
            case STE, NOTHING -> walk;
        };
    }

    /** Under another STE, or where E2H differs, it is judged again. */
    private Walk with(Walk walk, ConfigCache.CachedCd known) {
        ConfigCache.Verdict verdict = known.verdict();
        boolean same = verdict.under() == walk.ste() && verdict.e2h() == registers.view().e2h();
        return same ? walk.with(known.cd(), verdict.legal()) : walk.with(known.cd());
    }

    private ConfigCache.Verdict judge(Cd cd, Ste under) {
        Regs regs = registers.view();
        boolean legal = Legality.cd(cd, under, regs.idr(), regs.e2h()).isEmpty();
        return new ConfigCache.Verdict(under, regs.e2h(), legal);
    }

    /** Memory has to say; on the way there another cache may help. Itself if a word is to be fetched. */
    private Walk way(Walk walk, Walk.Need need) {
        Walk on = walk.unknown();
        boolean levelOne = on == walk && need == Walk.Need.CD && walk.levelOne();
        return levelOne && config.hasL1cd(walk.wants()) ? walk.feed(config.l1cd()) : on;
    }

    /** What stage 2 was known to say may have been the last that stage 1 needed. */
    private Walk stage2(Walk before, Walk next) {
        if (fills.test()) {
            translated(before, next);
        }
        return next;
    }

    /**
     * {@code word}, read at {@code at}, led from {@code before}, which needs {@code need}, to {@code after}:
     * is something complete now?
     */
    private void remember(Walk.Need need, Walk before, Walk after, long at, long word) {
        switch (need) {
            case STE -> {
                if (after.ste() != null) {
                    boolean legal = Legality.ste(after.ste(), registers.view().idr()).isEmpty();
                    config.remember(after.ste(), legal, before.entry(), atschk.test());
                } else if (before.levelOne()) {
                    config.rememberL1std(word, at);
                }
            }
            case CD -> {
                if (after.cd() != null) {
                    config.remember(before.cdIndex(), after.cd(), judge(after.cd(), before.ste()),
                            before.entry());
                } else if (before.levelOne()) {
                    config.rememberL1cd(word, at);
                }
            }
            case TRANSLATION -> {
                if (after instanceof Walk.Done) {
                    translated(before, after);
                }
            }
            case STAGE2 -> {
                Translation stage2 = after.needs() == Walk.Need.STAGE2 ? null : after.stage2();
                if (stage2 != null) {
                    iotlb.remember(stage2(before), stage2);
                    translated(before, after);
                }
            }
            case NOTHING -> throw new IllegalStateException("done");
        }
    }

    private void translated(Walk before, Walk after) {
        Translation found = after.translation();
        if (found != null && found.leaf() != null) {
            iotlb.remember(space(before), found);
        }
    }

    /** A transaction with its STE, from the cache or at once from memory, or with what is wrong about it. */
    Walk steNow(Transaction transaction) {
        ConfigCache.CachedSte cached = config.ste(false, false);
        Walk walk = Walk.start(registers.view(), transaction);
        if (cached != null && !walk.done()) {
            return walk.with(cached.ste(), cached.legal());
        }
        while (walk.needs() == Walk.Need.STE) {
            walk = walk.step(ram);
        }
        return walk;
    }

    private Iotlb.Space stage2(Walk walk) {
        return Iotlb.Space.stage2(walk.ste().get(Ste.S2VMID));
    }

    private Iotlb.Space space(Walk walk) {
        Ste ste = walk.ste();
        Regs regs = registers.view();
        StreamWorld world = StreamWorld.of(ste, regs.idr(), regs.e2h());
        int vmid = stage2 && world == StreamWorld.NS_EL1 ? ste.get(Ste.S2VMID) : 0;
        return new Iotlb.Space(world, vmid, world.asids() ? walk.cd().asid() : 0);
    }

    /**
     * Would a transaction like this be refused, by what is cached, by what is in memory, and by what {@code
     * under}, the walk under way or null, is about to remember? Changes nothing.
     */
    boolean refuses(Transaction transaction, Walk under) {
        if (!refused(transaction, registers.on(Cr0.ATSCHK), null)) {
            return false;
        }
        ConfigCache.CachedSte cached = config.peekSte();
        if (cached != null && !refused(transaction, cached.atschk(), cached.ste())) {
            return false;
        }
        Ste next = under == null || !fills.test() ? null : finished(under);
        return next == null || refused(transaction, atschk.test(), next);
    }

    /** Will a walk under way end in a refusal, if memory stays as it is? */
    boolean endsRefused(Walk under) {
        return never(under);
    }

    /** The STE that a walk under way is fetching, as it will be if memory stays as it is. */
    private Ste finished(Walk under) {
        Walk walk = under;
        while (walk.needs() == Walk.Need.STE) {
            walk = walk.step(ram);
        }
        return walk.ste();
    }

    private boolean refused(Transaction transaction, boolean checked, Ste known) {
        Regs regs = registers.view(checked);
        if (known != null) {                    // wherever the table is by now
            return never(Walk.start(regs, transaction, known, Legality.ste(known, regs.idr()).isEmpty()));
        }
        Walk walk = Walk.start(regs, transaction);
        if (!walk.done() && config.peekL1std(walk.wants())) {
            return never(walk.feed(config.l1std())) && never(walk);
        }
        return never(walk);
    }

    /** Refused for what the STE is, not for what the address is? */
    private boolean never(Walk start) {
        Walk walk = start;
        while (walk.needs() == Walk.Need.STE) {
            walk = walk.step(ram);
        }
        return walk.done() && walk.outcome() instanceof Outcome.Refused;
    }
}
