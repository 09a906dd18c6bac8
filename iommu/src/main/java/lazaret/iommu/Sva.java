// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

import java.util.ArrayList;
import java.util.List;
import lazaret.kernel.Errno;
import lazaret.kernel.Guarded;
import lazaret.kernel.Held;
import lazaret.kernel.Kernel;
import lazaret.kernel.Lifetime;
import lazaret.kernel.Mutex;
import lazaret.kernel.Shared;

/**
 * Shared virtual addresses: a device uses the address space of a process under a PASID of its own. Lock
 * order: lock, group.mutex, what the driver takes.
 *
 * @kernel iommu_sva_bind_device
 * @req R130
 */
public final class Sva {
    /** PASIDs for processes begin here; those below are for whoever attaches one by its number. */
    private static final int FIRST = 4;

    /** One process on one IOMMU. @param users how many groups have it attached */
    private record Use(Mm mm, Domain.Paging domain, int users) { }

    /** One process on one group. @param users how often it was bound */
    private record Bond(Mm mm, Group group, Domain.Paging domain, int users) { }

    private final Iommu core;
    private final Mutex lock;
    /** Guarded by lock. */
    private final Guarded<List<Use>> domains;
    /** Guarded by lock. */
    private final Guarded<List<Bond>> bonds;
    /** Set under lock, cleared in any context: one bit for each PASID that an address space has. */
    private final Shared pasids;

    Sva(Iommu core) {
        this.core = core;
        Kernel kernel = core.kernel();
        lock = new Mutex(kernel, "iommu_sva_lock");
        Lifetime forever = new Lifetime(kernel, "iommu sva");
        domains = new Guarded<>(kernel, "iommu_sva_domains", lock, forever, List.of());
        bonds = new Guarded<>(kernel, "iommu_sva_bonds", lock, forever, List.of());
        pasids = new Shared(kernel, "iommu_global_pasids", 0);
    }

    // ---- bind

    /**
     * {@code dev} may use the addresses of the process. Counts; {@link #unbind} as often.
     *
     * @kernel iommu_sva_bind_device
     */
    public Errno bind(Device dev, Mm mm) {
        try (Held _ = lock.lock()) {
            if (mm.released()) {
                return Errno.ENOENT;
            }
            Bond bond = find(dev.group(), mm);
            if (bond != null) {
                replace(bond, new Bond(mm, bond.group(), bond.domain(), bond.users() + 1));
                return Errno.OK;
            }
            if (mm.pasid() == 0) {
                mm.pasid(newPasid(dev));
            }
            return mm.pasid() == 0 ? Errno.ENOSPC : attach(dev, mm);
        }
    }

    private Errno attach(Device dev, Mm mm) {
        Use use = findOrMake(dev, mm);
        if (use == null) {
            return Errno.ENOMEM;
        }
        Errno err = dev.group().attachPasid(use.domain(), mm.pasid());
        if (err.ok()) {
            users(use, use.users() + 1);
            replace(null, new Bond(mm, dev.group(), use.domain(), 1));
        } else {
            users(use, use.users());
        }
        return err;
    }

    private Use findOrMake(Device dev, Mm mm) {
        List<Use> all = domains.get();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).mm() == mm && all.get(i).domain().owner() == dev.iommu().ops()) {
                return all.get(i);
            }
        }
        Domain.Paging domain = dev.iommu().ops().allocSva(dev, mm);
        return domain == null ? null : new Use(mm, domain, 0);
    }

    // ---- unbind

    /**
     * One bind less; with the last of a group its device lets go of the addresses, and with the last of an
     * IOMMU the domain goes. The process may have ended before. Cannot fail.
     *
     * @kernel iommu_sva_unbind_device
     */
    public void unbind(Device dev, Mm mm) {
        try (Held _ = lock.lock()) {
            Bond bond = find(dev.group(), mm);
            if (core.kernel().warnOn(bond == null, dev + " is not bound to " + mm)) {
                return;
            }
            if (bond.users() > 1) {
                replace(bond, new Bond(mm, bond.group(), bond.domain(), bond.users() - 1));
                return;
            }
            bond.group().detachPasid(mm.pasid());
            replace(bond, null);
            Use use = findOrMake(dev, mm);
            users(use, use.users() - 1);
        }
    }

    /** The process ends: those who walk its tables stop. Whoever is told cannot go meanwhile. */
    void release(Mm mm) {
        try (Held _ = lock.lock()) {
            mm.tellReleased();
        }
    }

    // ---- books

    private Bond find(Group group, Mm mm) {
        List<Bond> all = bonds.get();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).mm() == mm && all.get(i).group() == group) {
                return all.get(i);
            }
        }
        return null;
    }

    /** @param old null: there was none; {@code next} null: there is none any more */
    private void replace(Bond old, Bond next) {
        List<Bond> all = new ArrayList<>(bonds.get());
        all.remove(old);
        if (next != null) {
            all.add(next);
        }
        bonds.set(List.copyOf(all));
    }

    /** So many groups use it; one that nobody uses is freed. */
    private void users(Use use, int users) {
        List<Use> all = new ArrayList<>(domains.get());
        all.remove(use);
        if (users > 0) {
            all.add(new Use(use.mm(), use.domain(), users));
        }
        domains.set(List.copyOf(all));
        if (users == 0) {
            core.domainFree(use.domain());
        }
    }

    // ---- PASIDs of address spaces

    /** 0 when there is none left that {@code dev} can have. @kernel iommu_alloc_global_pasid */
    private int newPasid(Device dev) {
        int free = Long.numberOfTrailingZeros(~pasids.readOnce());
        if (FIRST + free >= dev.iommu().maxPasids()) {
            return 0;
        }
        pasids.or(1L << free);
        return FIRST + free;
    }

    /** Nobody has the address space any more. @kernel mm_pasid_drop */
    void giveBack(int pasid) {
        if (pasid != 0) {
            pasids.andNot(1L << pasid - FIRST);
        }
    }
}
