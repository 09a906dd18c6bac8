// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import lazaret.machine.Machine;
import lazaret.machine.Ref;
import lazaret.machine.Word;
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
    private static final int SLOTS = 64;
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
    private final Word used;
    private final Word victim;
    private final Word doomed;

    Iotlb(Machine machine, SmmuParams params, Staleness staleness) {
        this.machine = machine;
        widens = params.takes(Liberty.WIDENS_ENTRIES);
        this.staleness = staleness;
        List<Ref<Entry>> refs = new ArrayList<>();
        for (int i = 0; i < SLOTS; i++) {
            refs.add(new Ref<>(machine.undo(), null));
        }
        slots = List.copyOf(refs);
        used = new Word(machine.undo());
        victim = new Word(machine.undo());
        doomed = new Word(machine.undo());
    }

    /** The translation of {@code va} for stream {@code sid} to use, null if tables have to be walked. */
    Translation find(int sid, Space space, long va) {
        int slot = slot(space, va);
        if (slot < 0) {
            return null;
        }
        Entry e = slots.get(slot).get();
        boolean differs = differs(e.translation);
        if (!staleness.serves(sid, Kind.TLB, differs, e.doomed)) {
            slots.get(slot).set(null);
            return null;
        }
        return e.translation;
    }

    /** Does memory say something else by now? */
    private boolean differs(Translation t) {
        Translation s2 = t.stage2();
        return machine.ram().load(t.leaf().at()) != t.leaf().word() || s2 != null && differs(s2);
    }

    /** Remembers the result of a walk. */
    void remember(Space space, Translation translation) {
        Translation whole = widens ? translation.group() : translation;
        int slot = slot(space, whole.va());
        slots.get(slot < 0 ? free() : slot).set(new Entry(space, whole, false));
        if (machine.log().narrates()) {
            machine.log().add(new SmmuEntry.Cached("translation " + whole + " asid=" + space.asid));
        }
    }

    private int slot(Space space, long va) {
        for (int i = 0; i < used.asInt(); i++) {
            Entry e = slots.get(i).get();
            if (e != null && space.sees(e) && e.translation.covers(va)) {
                return i;
            }
        }
        return -1;
    }

    private int free() {
        for (int i = 0; i < used.asInt(); i++) {
            if (slots.get(i).get() == null) {
                return i;
            }
        }
        return used.get() < SLOTS ? (int) used.add(1) - 1 : (int) (victim.add(1) - 1) & SLOTS - 1;
    }

    /** Forgets what {@code which} names: at once, or from the next complete CMD_SYNC on. */
    void forget(Predicate<Entry> which) {
        for (int i = 0; i < used.asInt(); i++) {
            Entry e = slots.get(i).get();
            if (e != null && which.test(e) && !staleness.refetches(e.doomed || differs(e.translation))) {
                slots.get(i).set(staleness.late() ? doom(e) : null);
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
        for (int i = 0; i < used.asInt(); i++) {
            Entry e = slots.get(i).get();
            if (e != null && e.doomed) {
                slots.get(i).set(null);
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
