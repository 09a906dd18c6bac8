// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

import java.util.ArrayList;
import java.util.List;
import lazaret.kernel.Gfp;
import lazaret.kernel.Held;
import lazaret.kernel.Kernel;
import lazaret.kernel.SharedRef;
import lazaret.kernel.Spinlock;

/**
 * Which domain each PASID of a group has, as far as its users are concerned: a blocked device keeps nothing
 * in its hardware of what stands here. Changes under group.mutex; each is made at once under a spinlock,
 * under which nobody calls a driver. Whoever holds neither finds what was there before a change or after it.
 *
 * @kernel iommu_group.pasid_array
 * @req R34
 */
final class Pasids {
    /** @param domain null: reserved by an attach under way, nobody finds it */
    record Slot(int pasid, Domain domain) { }

    private final Kernel kernel;
    private final Spinlock lock;
    private final SharedRef<List<Slot>> slots;

    Pasids(Kernel kernel) {
        this.kernel = kernel;
        lock = new Spinlock(kernel, "pasid_array lock");
        slots = new SharedRef<>(kernel, "pasid_array", List.of());
    }

    /** All that are attached. With group.mutex held, which keeps them as they are. */
    List<Slot> all() {
        return slots.peek();
    }

    /** The domain of a PASID, or null. Any context. */
    Domain find(int pasid) {
        return find(slots.readOnce(), pasid);
    }

    /** Makes room for a PASID that has none; says whether there is. */
    boolean reserve(int pasid) {
        if (!kernel.alloc(Gfp.KERNEL, "pasid_array")) {
            return false;
        }
        set(pasid, null);
        return true;
    }

    /** From here on it is found. */
    void commit(int pasid, Domain domain) {
        set(pasid, domain);
    }

    void erase(int pasid) {
        try (Held _ = lock.irqsave()) {
            slots.storeRelease(without(pasid));
        }
    }

    private void set(int pasid, Domain domain) {
        try (Held _ = lock.irqsave()) {
            List<Slot> more = new ArrayList<>(without(pasid));
            more.add(new Slot(pasid, domain));
            more.sort((a, b) -> Integer.compare(a.pasid(), b.pasid()));
            slots.storeRelease(List.copyOf(more));
        }
    }

    private List<Slot> without(int pasid) {
        List<Slot> fewer = new ArrayList<>(slots.peek());
        fewer.removeIf(slot -> slot.pasid() == pasid);
        return List.copyOf(fewer);
    }

    private static Domain find(List<Slot> all, int pasid) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).pasid() == pasid) {
                return all.get(i).domain();
            }
        }
        return null;
    }
}
