// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import lazaret.machine.Machine;
import lazaret.machine.Ref;
import lazaret.machine.Word;
import lazaret.machine.Words;
import lazaret.smmuv3.StreamWorld;
import lazaret.smmuv3.TlbRange;
import lazaret.smmuv3.Translation;
import lazaret.smmuv3.hw.Staleness.Kind;

/**
 * Translations that the SMMU remembers, shared by all streams. An entry is whole: it is found by world, VMID,
 * ASID and address, and nothing it came from is looked at again.
 *
 * @spec IHI0070 3.17
 */
final class Iotlb {
    /** An entry may be in any way of the set that its address and size choose; 64 slots in all. */
    private static final int SETS = 16;
    private static final int WAYS = 4;
    private static final long ALL_WAYS = (1L << WAYS) - 1;
    private static final int LEVELS = 4;

    /**
     * The address space an entry belongs to; {@code vmid} is 0 where there is no stage 2, {@code world} is
     * null for stage 2 itself.
     */
    record Space(StreamWorld world, int vmid, int asid) {
        /** The IPAs of a VM. */
        static Space stage2(int vmid) {
            return new Space(null, vmid, 0);
        }

        boolean isStage2() {
            return world == null;
        }

        private boolean sees(Entry e) {
            return e.space.world == world && e.space.vmid == vmid
                    && (e.translation.global() || e.space.asid == asid);
        }
    }

    record Entry(Space space, Translation translation, boolean doomed) { }

    private final Machine machine;
    private final Staleness staleness;
    private final boolean widens;
    private final List<Ref<Entry>> slots;
    /** What tells entries apart at a glance, one for each slot; see {@link #tag}. */
    private final Words tags;
    /** One bit for each slot: something is there. */
    private final Word live;
    /** One bit for each log2 size of which there has ever been an entry. */
    private final Word sizes;
    /** Of each set, how many entries had to give way. */
    private final Words victims;
    private final Word doomed;

    Iotlb(Machine machine, SmmuParams params, Staleness staleness) {
        this.machine = machine;
        widens = params.takes(Liberty.WIDENS_ENTRIES);
        this.staleness = staleness;
        List<Ref<Entry>> refs = new ArrayList<>();
        for (int i = 0; i < SETS * WAYS; i++) {
            refs.add(new Ref<>(machine.undo(), null));
        }
        slots = List.copyOf(refs);
        tags = new Words(machine.undo(), SETS * WAYS);
        live = new Word(machine.undo());
        sizes = new Word(machine.undo());
        victims = new Words(machine.undo(), SETS);
        doomed = new Word(machine.undo());
    }

    /** The translation of {@code va} for stream {@code sid} to use, null if tables have to be walked. */
    Translation find(int sid, Space space, long va) {
        int slot = slot(space, va);
        if (slot < 0) {
            return null;
        }
        Entry e = slots.get(slot).get();
        boolean differs = staleness.compares() && differs(e.translation);
        if (!staleness.serves(sid, Kind.TLB, differs, e.doomed)) {
            drop(slot);
            return null;
        }
        return e.translation;
    }

    private void drop(int slot) {
        slots.get(slot).set(null);
        tags.set(slot, 0);
        live.set(live.get() & ~(1L << slot));
    }

    /** Does memory say something else by now? */
    private boolean differs(Translation t) {
        Translation s2 = t.stage2();
        return machine.ram().load(t.leaf().at()) != t.leaf().word() || s2 != null && differs(s2);
    }

    /** Remembers the result of a walk. */
    void remember(Space space, Translation translation) {
        Translation whole = widens ? translation.group() : translation;
        int known = slot(space, whole.va());
        if (known >= 0) {
            drop(known);
        }
        int slot = free(whole.va(), whole.log2size());
        slots.get(slot).set(new Entry(space, whole, false));
        tags.set(slot, tag(space, whole.va(), whole.log2size()));
        live.set(live.get() | 1L << slot);
        sizes.set(sizes.get() | 1L << whole.log2size());
        if (machine.log().narrates()) {
            machine.log().add(new SmmuEntry.Cached("translation " + whole + " asid=" + space.asid));
        }
    }

    /** Where the entry for {@code va} is, whatever its size; negative if there is none. */
    private int slot(Space space, long va) {
        long there = live.get();
        for (long left = sizes.get(); left != 0; left &= left - 1) {
            int log2size = Long.numberOfTrailingZeros(left);
            int first = first(va, log2size);
            long tag = tag(space, va, log2size);
            for (long ways = there >>> first & ALL_WAYS; ways != 0; ways &= ways - 1) {
                int slot = first + Long.numberOfTrailingZeros(ways);
                if (tags.get(slot) == tag && seen(space, va, slot)) {
                    return slot;
                }
            }
        }
        return -1;
    }

    private boolean seen(Space space, long va, int slot) {
        Entry e = slots.get(slot).get();
        return space.sees(e) && e.translation.covers(va);
    }

    /** What entries for the same address have in common and others do not; no ASID, as some are global. */
    private static long tag(Space space, long va, int log2size) {
        return va >>> log2size << 12 ^ log2size ^ (long) space.vmid << 48;
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

    /** Forgets what {@code which} names: at once, or from the next complete CMD_SYNC on. */
    void forget(Predicate<Entry> which) {
        for (long left = live.get(); left != 0; left &= left - 1) {
            int slot = Long.numberOfTrailingZeros(left);
            Entry e = slots.get(slot).get();
            if (!which.test(e) || staleness.refetches(e.doomed || differs(e.translation))) {
                continue;
            }
            if (staleness.late()) {
                slots.get(slot).set(doom(e));
            } else {
                drop(slot);
            }
        }
    }

    private Entry doom(Entry e) {
        doomed.set(1);
        return new Entry(e.space, e.translation, true);
    }

    /** What was invalidated is gone for good. */
    void purge() {
        if (!doomed.test()) {
            return;
        }
        doomed.set(0);
        for (long left = live.get(); left != 0; left &= left - 1) {
            int slot = Long.numberOfTrailingZeros(left);
            if (slots.get(slot).get().doomed) {
                drop(slot);
            }
        }
    }

    /** Does an invalidation by address reach the entry? What counts is the leaf that it came from. */
    static boolean meets(Entry e, long address, TlbRange range) {
        long va = address << 8 >> 8;                            // as walks name it: no tag, sign-extended
        int leaf = e.translation.leaf().log2size();
        if (range.tg() != 0 && !cut(range.tg(), range.ttl(), leaf)) {
            return false;
        }
        long inside = (1L << Math.max(leaf, e.translation.log2size())) - 1;
        long first = e.translation.va() & ~inside;
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
