// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import lazaret.machine.Machine;
import lazaret.machine.Word;
import lazaret.machine.Words;
import lazaret.smmuv3.Mapping;
import lazaret.smmuv3.StreamWorld;
import lazaret.smmuv3.TlbRange;
import lazaret.smmuv3.Translation;
import lazaret.smmuv3.Walk;
import lazaret.smmuv3.hw.Staleness.Kind;

/**
 * Translations that the SMMU remembers, shared by all streams. An entry is whole: it is found by address
 * space and address, and nothing it came from is looked at again.
 *
 * @spec IHI0070 3.17
 */
final class Iotlb {
    /** An entry may be in any way of the set that its address and size choose; 64 slots in all. */
    private static final int SETS = 16;
    private static final int WAYS = 4;
    private static final long ALL_WAYS = (1L << WAYS) - 1;
    private static final int LEVELS = 4;

    /** Words of a slot: the address space, a {@link Mapping}, and that of the stage 2 in it or zeros. */
    private static final int VA = 1;
    private static final int PA = 2;
    private static final int FACTS = 3;
    private static final int AT = 4;
    private static final int WORD = 5;
    private static final int STAGE2 = 5;
    private static final int SIZE = 11;
    /** Words of a kind lie side by side: those of a set are looked at together. */
    private static final int SLOTS = SETS * WAYS;

    /** An address space in a word: ASID above VMID above the world, or this for stage 2 itself. */
    private static final int IPAS = 0xff;
    private static final int VMID_UP = 8;
    private static final int ASID_UP = 32;
    private static final long NO_ASID = (1L << ASID_UP) - 1;

    private final Machine machine;
    private final Staleness staleness;
    private final boolean widens;
    private final Words slots;
    /** One bit for each slot: something is there. */
    private final Word live;
    /** One bit for each slot: gone with the next complete CMD_SYNC. */
    private final Word doomed;
    /** One bit for each log2 size of which there has ever been an entry. */
    private final Word sizes;
    /** Of each set, how many entries had to give way. */
    private final Words victims;
    /** Nothing in it outlives a call. */
    private final Mapping wide = new Mapping();

    Iotlb(Machine machine, SmmuParams params, Staleness staleness) {
        this.machine = machine;
        widens = params.takes(Liberty.WIDENS_ENTRIES);
        this.staleness = staleness;
        slots = new Words(machine.undo(), SIZE * SLOTS);
        live = new Word(machine.undo());
        doomed = new Word(machine.undo());
        sizes = new Word(machine.undo());
        victims = new Words(machine.undo(), SETS);
    }

    /** An address space of that world; {@code vmid} is 0 where there is no stage 2. */
    static long space(StreamWorld world, int vmid, int asid) {
        return world.ordinal() | (long) vmid << VMID_UP | (long) asid << ASID_UP;
    }

    /** The IPAs of a VM. */
    static long ipas(int vmid) {
        return IPAS | (long) vmid << VMID_UP;
    }

    // What a slot holds.

    private long word(int slot, int which) {
        return slots.get(which * SLOTS + slot);
    }

    /** What the stage 2 of a VM says by itself? */
    boolean isStage2(int slot) {
        return (word(slot, 0) & IPAS) == IPAS;
    }

    boolean isOf(int slot, StreamWorld world) {
        return (word(slot, 0) & IPAS) == world.ordinal();
    }

    int vmid(int slot) {
        return (int) (word(slot, 0) >>> VMID_UP) & 0xffff;
    }

    int asid(int slot) {
        return (int) (word(slot, 0) >>> ASID_UP);
    }

    boolean global(int slot) {
        return Mapping.global(word(slot, FACTS));
    }

    /**
     * The slot with the translation of {@code va} for stream {@code sid} to use, negative if tables have to
     * be walked.
     */
    int find(int sid, long space, long va) {
        int slot = slot(space, va);
        if (slot < 0) {
            return slot;
        }
        boolean differs = staleness.compares() && differs(slot);
        if (!staleness.serves(sid, Kind.TLB, differs, isDoomed(slot))) {
            drop(slot);
            return -1;
        }
        return slot;
    }

    /** Of what a slot says, what an access needs. */
    void toUse(int slot, Mapping mapping) {
        mapping.set(word(slot, VA), word(slot, PA), word(slot, FACTS), 0, 0);
    }

    /** What a slot says. */
    void to(int slot, Mapping mapping) {
        mapping.set(word(slot, VA), word(slot, PA), word(slot, FACTS), word(slot, AT), word(slot, WORD));
    }

    /** Whether the slot has gone through stage 2 too; if so, what that said. */
    boolean toStage2(int slot, Mapping mapping) {
        long facts = word(slot, STAGE2 + FACTS);
        if (facts != 0) {
            mapping.set(word(slot, STAGE2 + VA), word(slot, STAGE2 + PA), facts, word(slot, STAGE2 + AT),
                    word(slot, STAGE2 + WORD));
        }
        return facts != 0;
    }

    private boolean isDoomed(int slot) {
        return (doomed.get() >>> slot & 1) != 0;
    }

    private void drop(int slot) {
        for (int i = 0; i < SIZE; i++) {
            slots.set(i * SLOTS + slot, 0);
        }
        live.set(live.get() & ~(1L << slot));
        doomed.set(doomed.get() & ~(1L << slot));
    }

    /** Does memory say something else by now? */
    private boolean differs(int slot) {
        return differs(word(slot, AT), word(slot, WORD)) || word(slot, STAGE2 + FACTS) != 0
                && differs(word(slot, STAGE2 + AT), word(slot, STAGE2 + WORD));
    }

    private boolean differs(long at, long word) {
        return machine.ram().load(at) != word;
    }

    /** Remembers what stage 2 said to a walk. */
    void rememberStage2(long space, Walk walk) {
        remember(space, widened(walk.stage2()), null);
    }

    /** Remembers what a walk came to. */
    void remember(long space, Walk walk) {
        if (walk.bothStages()) {
            remember(space, walk.stage1(), walk.stage2());
        } else {
            remember(space, widened(walk.stage1()), null);
        }
    }

    private Mapping widened(Mapping found) {
        if (!widens) {
            return found;
        }
        wide.set(found.va(), found.pa(), found.facts(), found.at(), found.word());
        wide.widen();
        return wide;
    }

    private void remember(long space, Mapping found, Mapping stage2) {
        int known = slot(space, found.va());
        if (known >= 0) {
            drop(known);
        }
        int log2size = Mapping.log2size(found.facts());
        int slot = free(found.va(), log2size);
        slots.set(slot, space);
        put(slot, found);
        if (stage2 != null) {
            put(STAGE2 * SLOTS + slot, stage2);
        } else if (word(slot, STAGE2 + FACTS) != 0) {
            clear(STAGE2 * SLOTS + slot);
        }
        live.set(live.get() | 1L << slot);
        doomed.set(doomed.get() & ~(1L << slot));
        sizes.set(sizes.get() | 1L << log2size);
        if (machine.log().narrates()) {
            tell(found, stage2, asid(slot));
        }
    }

    private void put(int at, Mapping m) {
        slots.set(VA * SLOTS + at, m.va());
        slots.set(PA * SLOTS + at, m.pa());
        slots.set(FACTS * SLOTS + at, m.facts());
        slots.set(AT * SLOTS + at, m.at());
        slots.set(WORD * SLOTS + at, m.word());
    }

    private void clear(int at) {
        for (int i = VA; i <= WORD; i++) {
            slots.set(i * SLOTS + at, 0);
        }
    }

    private void tell(Mapping found, Mapping stage2, int asid) {
        Translation whole = found.translation(stage2 == null ? null : stage2.translation(null));
        machine.log().add(new SmmuEntry.Cached("translation " + whole + " asid=" + asid));
    }

    /** Where the entry for {@code va} is, whatever its size; negative if there is none. */
    private int slot(long space, long va) {
        long there = live.get();
        for (long left = sizes.get(); left != 0; left &= left - 1) {
            int log2size = Long.numberOfTrailingZeros(left);
            int first = first(va, log2size);
            long start = va & -1L << log2size;
            for (long ways = there >>> first & ALL_WAYS; ways != 0; ways &= ways - 1) {
                int slot = first + Long.numberOfTrailingZeros(ways);
                if (word(slot, VA) == start && serves(slot, space, log2size)) {
                    return slot;
                }
            }
        }
        return -1;
    }

    private boolean serves(int slot, long space, int log2size) {
        long facts = word(slot, FACTS);
        long other = word(slot, 0) ^ space;
        return (Mapping.global(facts) ? other & NO_ASID : other) == 0 && Mapping.log2size(facts) == log2size;
    }

    /** The first slot of the set in which an entry of that size for {@code va} may be. */
    private static int first(long va, int log2size) {
        long number = va >>> log2size;
        return WAYS * (int) ((number ^ number >>> 4 ^ number >>> 9) & SETS - 1);
    }

    /** A slot for it; the oldest entry of the set gives way if need be. */
    private int free(long va, int log2size) {
        int first = first(va, log2size);
        long free = ~live.get() >>> first & ALL_WAYS;
        if (free != 0) {
            return first + Long.numberOfTrailingZeros(free);
        }
        int set = first / WAYS;
        victims.set(set, victims.get(set) + 1);
        return first + ((int) victims.get(set) - 1 & WAYS - 1);
    }

    /** One bit for each slot that something is in. */
    long live() {
        return live.get();
    }

    /** Forgets a slot that was invalidated: at once, or from the next complete CMD_SYNC on. */
    void forget(int slot) {
        if (staleness.refetches(isDoomed(slot) || differs(slot))) {
            return;
        }
        if (staleness.late()) {
            doomed.set(doomed.get() | 1L << slot);
        } else {
            drop(slot);
        }
    }

    /** What was invalidated is gone for good. */
    void purge() {
        for (long left = doomed.get(); left != 0; left &= left - 1) {
            drop(Long.numberOfTrailingZeros(left));
        }
    }

    /** Does an invalidation by address reach the entry? What counts is the leaf that it came from. */
    boolean meets(int slot, long address, TlbRange range) {
        long va = address << 8 >> 8;                            // as walks name it: no tag, sign-extended
        long facts = word(slot, FACTS);
        int leaf = Mapping.leafSize(facts);
        if (range.tg() != 0 && !cut(range.tg(), range.ttl(), leaf)) {
            return false;
        }
        long inside = (1L << Math.max(leaf, Mapping.log2size(facts))) - 1;
        long first = word(slot, VA) & ~inside;
        long end = range.bytes() == 0 ? va : va + range.bytes() - 1;
        long last = Long.compareUnsigned(end, va) < 0 ? -1 : end;
        return Long.compareUnsigned(first, last) <= 0 && Long.compareUnsigned(first | inside, va) >= 0;
    }

    /** Is a leaf of that size one of this granule, at level {@code ttl} if that is not 0? */
    private static boolean cut(int tg, int ttl, int log2size) {
        int page = 10 + 2 * tg;
        int up = log2size - page;
        int level = LEVELS - 1 - up / (page - 3);
        return up >= 0 && up % (page - 3) == 0 && (ttl == 0 || ttl == level);
    }
}
