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
    private static final int PAGE = 12;
    private static final int STRIDE = 9;
    private static final int LAST_LEVEL = 3;

    /** The address space an entry belongs to; {@code vmid} is 0 where there is no stage 2. */
    record Space(StreamWorld world, int vmid, int asid) {
        private boolean sees(Entry e) {
            return e.space.world == world && e.space.vmid == vmid
                    && (e.translation.global() || e.space.asid == asid);
        }
    }

    /** @param at where the leaf descriptor {@code leaf} was read */
    record Entry(Space space, Translation translation, long at, long leaf, boolean doomed) { }

    private final Machine machine;
    private final Staleness staleness;
    private final List<Ref<Entry>> slots;
    private final Word used;
    private final Word victim;
    private final Word doomed;

    Iotlb(Machine machine, Staleness staleness) {
        this.machine = machine;
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
        boolean differs = machine.ram().load(e.at) != e.leaf;
        if (!staleness.serves(sid, Kind.TLB, differs, e.doomed)) {
            slots.get(slot).set(null);
            return null;
        }
        return e.translation;
    }

    /** Remembers a translation whose leaf descriptor is {@code leaf}, read at {@code at}. */
    void remember(Space space, Translation translation, long at, long leaf) {
        int slot = slot(space, translation.va());
        slots.get(slot < 0 ? free() : slot).set(new Entry(space, translation, at, leaf, false));
        if (machine.log().narrates()) {
            machine.log().add(new SmmuEntry.Cached("translation " + translation + " asid=" + space.asid));
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
            if (e != null && which.test(e)) {
                slots.get(i).set(staleness.late() ? doom(e) : null);
            }
        }
    }

    private Entry doom(Entry e) {
        doomed.set(1);
        return new Entry(e.space, e.translation, e.at, e.leaf, true);
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

    /** Does an invalidation by address reach the entry? */
    static boolean meets(Entry e, long address, TlbRange range) {
        long va = address << 8 >> 8;                            // as walks name it: no tag, sign-extended
        Translation t = e.translation;
        int level = LAST_LEVEL - (t.log2size() - PAGE) / STRIDE;
        if (range.tg() > 1 || range.tg() != 0 && range.ttl() != 0 && range.ttl() != level) {
            return false;
        }
        return range.bytes() == 0 ? t.covers(va) : t.meets(va, va + range.bytes() - 1);
    }
}
