// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

import java.util.ArrayList;
import java.util.List;
import lazaret.kernel.Errno;
import lazaret.kernel.Gfp;
import lazaret.kernel.Guarded;
import lazaret.kernel.GuardedWord;
import lazaret.kernel.Held;
import lazaret.kernel.Kernel;
import lazaret.kernel.Level;
import lazaret.kernel.Lifetime;
import lazaret.kernel.Mutex;
import lazaret.machine.Log;

/** How devices join and leave groups. Lock order: lock, then group.mutex. */
final class Probe {
    private final Iommu core;
    private final Kernel kernel;
    private final Mutex lock;
    /** Guarded by lock. */
    private final Guarded<List<Group>> groups;
    /** Guarded by lock. How many groups were ever made. */
    private final GuardedWord made;

    Probe(Iommu core) {
        this.core = core;
        kernel = core.kernel();
        lock = new Mutex(kernel, "iommu_probe_device_lock");
        Lifetime forever = new Lifetime(kernel, "iommu core");
        groups = new Guarded<>(kernel, "iommu_groups", lock, forever, List.of());
        made = new GuardedWord(kernel, "iommu_group_ida", lock, forever, 0);
    }

    // ---- in

    Errno probe(Device dev) {
        try (Held _ = lock.lock()) {
            if (dev.group() != null) {
                return Errno.OK;
            }
            Errno err = init(dev);
            return err.ok() ? join(dev) : err;
        }
    }

    /** Driver and dev_iommu. */
    private Errno init(Device dev) {
        if (!kernel.alloc(Gfp.KERNEL, "dev_iommu")) {
            return Errno.ENOMEM;
        }
        dev.iommu(new DevIommu(kernel, dev.name(), dev.fwspec().ops(), core.newReport(dev)));
        Errno err = dev.fwspec().ops().probeDevice(dev);
        if (err.failed()) {
            forget(dev);
        }
        return err;
    }

    /** Group, membership and the first attach; if any of them fails the device is as before its probe. */
    private Errno join(Device dev) {
        Group group = findOrMake(dev.fwspec().unit());
        if (group == null || !kernel.alloc(Gfp.KERNEL, "group_device")) {
            dev.fwspec().ops().releaseDevice(dev);
            forget(dev);
            disposeIfEmpty(group);
            return Errno.ENOMEM;
        }
        Errno err;
        try (Held _ = group.mutex().lock()) {
            err = enter(group, dev);
        }
        if (err.failed()) {
            forget(dev);
            disposeIfEmpty(group);
        }
        return err;
    }

    private Group findOrMake(String unit) {
        List<Group> all = groups.get();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).unit().equals(unit)) {
                return all.get(i);
            }
        }
        if (!kernel.alloc(Gfp.KERNEL, "iommu_group")) {
            return null;
        }
        Group group = new Group(core, unit, (int) made.add(1) - 1);
        List<Group> more = new ArrayList<>(all);
        more.add(group);
        groups.set(List.copyOf(more));
        return group;
    }

    /**
     * A newcomer gets what the group has, even while a sibling is in recovery: its own hardware is not in a
     * reset.
     *
     * @req R19
     */
    private Errno enter(Group group, Device dev) {
        GroupDevice gdev = new GroupDevice(group, dev);
        group.add(gdev);
        dev.group(group);
        dev.iommu().attachDeferred(dev.iommu().ops().defersAttach(dev));
        Errno err = defaultFor(group, dev);
        if (err.ok()) {
            err = group.domain() != null ? join(group, gdev) : group.setDomain(group.defaultDomain());
        }
        if (err.failed()) {
            leave(group, gdev, null);
            return err;
        }
        dev.printk(Level.INFO, "Adding to " + group);
        log(new IommuEntry.Probed(dev.name(), dev.fwspec().ids(), group.name()));
        return Errno.OK;
    }

    private static Errno join(Group group, GroupDevice gdev) {
        Errno err = gdev.attach(group.domain(), null);
        if (err.failed()) {
            return err;
        }
        gdev.belongs(group.domain());
        err = group.pasids().open(gdev);
        if (err.failed()) {
            gdev.mustAttach(group.makeBlockingDomain(gdev.dev()), group.domain());
        }
        return err;
    }

    /** There is a default domain, and what firmware reserves for {@code dev} is mapped in it. */
    private static Errno defaultFor(Group group, Device dev) {
        if (group.defaultDomain() == null) {
            IommuOps ops = dev.iommu().ops();
            group.defaultDomain(ops.startsOnIdentity(dev) ? ops.identityDomain() : ops.allocPaging(dev));
        }
        return switch (group.defaultDomain()) {
            case null -> Errno.ENOMEM;
            case Domain.Paging paging -> mapDirect(paging, dev);
            case Domain.Identity _, Domain.Blocked _, Domain.Nested _ -> Errno.OK;
        };
    }

    /** @kernel iommu_create_device_direct_mappings @req R18 */
    private static Errno mapDirect(Domain.Paging domain, Device dev) {
        for (Fwspec.Region region : dev.fwspec().direct()) {
            Errno err = domain.map(region.start(), region.start(), region.size(), Prot.READ_WRITE);
            if (err.failed() && err != Errno.EEXIST) {
                return err;
            }
        }
        return Errno.OK;
    }

    // ---- out

    /** @req R3 R39 R42 */
    void release(Device dev) {
        try (Held _ = lock.lock()) {
            Group group = dev.group();
            if (group == null) {
                return;
            }
            try (Held _ = group.mutex().lock()) {
                GroupDevice gdev = group.find(dev);
                leave(group, gdev, gdev.physical());
            }
            if (core.design().reporting() == Reporting.IN_DEV_IOMMU) {
                dev.iommu().report().work().cancelSync();
            }
            forget(dev);
            log(new IommuEntry.Released(dev.name(), dev.fwspec().ids()));
            disposeIfEmpty(group);
        }
    }

    /**
     * Off the hardware first, blocked if the driver can; only then may anything be freed that tables named.
     *
     * @param physical what the hardware points at, null if it was never attached
     * @req R42
     */
    private void leave(Group group, GroupDevice gdev, Domain physical) {
        IommuOps ops = gdev.dev().iommu().ops();
        Domain blocked = ops.blockedDomain();
        if (!gdev.isBlocked()) {
            group.pasids().close(gdev);
        }
        if (blocked != null && physical != null && physical != blocked) {
            kernel.warnOn(gdev.attach(blocked, physical).failed(), gdev + " cannot be blocked");
        }
        ops.releaseDevice(gdev.dev());
        group.remove(gdev);
        group.dispose(gdev);
    }

    /** Frees dev_iommu. The pointers go first: whoever looks meets nothing rather than something freed. */
    private static void forget(Device dev) {
        DevIommu iommu = dev.iommu();
        dev.group(null);
        dev.iommu(null);
        iommu.free();
    }

    /** With its last device a group ends, and the domains that are its own end with it. */
    private void disposeIfEmpty(Group group) {
        if (group == null) {
            return;
        }
        try (Held _ = group.mutex().lock()) {
            if (!group.devices().isEmpty()) {
                return;
            }
            Domain left = group.domain();
            kernel.warnOn(left != null && left != group.defaultDomain() && left != group.blockingDomain(),
                    group + " ends on a domain that is not its own");
            kernel.warnOn(!group.pasids().pasids().all().isEmpty(), group + " ends with PASIDs attached");
            freeOwn(group.defaultDomain());
            freeOwn(group.blockingDomain());
        }
        List<Group> fewer = new ArrayList<>(groups.get());
        fewer.remove(group);
        groups.set(List.copyOf(fewer));
        group.free();
    }

    /** The groups that are on the same domain as {@code dev} lose it. */
    void killOwner(Device dev) {
        try (Held _ = lock.lock()) {
            Group own = dev.group();
            if (own == null) {
                return;
            }
            Domain shared;
            try (Held _ = own.mutex().lock()) {
                shared = own.domain();
            }
            for (Group group : groups.get()) {
                try (Held _ = group.mutex().lock()) {
                    group.killIfOn(shared);
                }
            }
        }
    }

    private void freeOwn(Domain domain) {
        if (domain instanceof Domain.Paging paging) {
            core.domainFree(paging);
        }
    }

    private void log(IommuEntry entry) {
        Log log = kernel.machine().log();
        if (log.hears()) {
            log.add(entry);
        }
    }
}
