// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

import java.util.ArrayList;
import java.util.List;
import lazaret.kernel.Errno;
import lazaret.kernel.Guarded;
import lazaret.kernel.GuardedWord;
import lazaret.kernel.Held;
import lazaret.kernel.Kernel;
import lazaret.kernel.Lifetime;
import lazaret.kernel.Mutex;
import lazaret.kernel.Workqueue;

/**
 * Devices that cannot be told apart or kept apart: they share one domain. What the group says is attached
 * (the logical domain) and what the hardware points at differ only for a device that is blocked.
 *
 * @kernel iommu_group
 * @req R1
 */
public final class Group {
    private final Iommu core;
    private final String unit;
    private final String name;
    private final Mutex mutex;
    private final Lifetime life;
    /** Guarded by mutex. */
    private final Guarded<List<GroupDevice>> devices;
    /** Guarded by mutex. Where devices are when nobody asks for anything else. */
    private final Guarded<Domain> defaultDomain;
    /** Guarded by mutex. Made when first needed, then kept. */
    private final Guarded<Domain> blockingDomain;
    /** Guarded by mutex. The logical domain; null before the first attach. */
    private final Guarded<Domain> domain;
    /** Guarded by mutex. How many devices are blocked. */
    private final GuardedWord recoveryCnt;
    /** Guarded by mutex. Who took the DMA away from kernel drivers, or null. */
    private final Guarded<Object> owner;
    /** Guarded by mutex. Users of the owner, or kernel drivers that rely on the default domain. */
    private final GuardedWord ownerCnt;
    private final PasidAttach pasids;
    /** Null in designs whose groups hold no reports. */
    private final GroupReports reports;

    Group(Iommu core, String unit, int id) {
        this.core = core;
        this.unit = unit;
        name = "iommu group " + id;
        Kernel kernel = core.kernel();
        mutex = new Mutex(kernel, "group.mutex");
        life = new Lifetime(kernel, name);
        devices = new Guarded<>(kernel, "group.devices", mutex, life, List.of());
        defaultDomain = new Guarded<>(kernel, "group.default_domain", mutex, life, null);
        blockingDomain = new Guarded<>(kernel, "group.blocking_domain", mutex, life, null);
        domain = new Guarded<>(kernel, "group.domain", mutex, life, null);
        recoveryCnt = new GuardedWord(kernel, "group.recovery_cnt", mutex, life, 0);
        owner = new Guarded<>(kernel, "group.owner", mutex, life, null);
        ownerCnt = new GuardedWord(kernel, "group.owner_cnt", mutex, life, 0);
        pasids = new PasidAttach(this, new Pasids(kernel));
        reports = core.design().reporting() == Reporting.IN_GROUP
                ? new GroupReports(kernel, name, this::blockAllReported) : null;
    }

    public String name() {
        return name;
    }

    /** Protects everything here and every change of what hardware points at. May be held while sleeping. */
    public Mutex mutex() {
        return mutex;
    }

    public List<GroupDevice> devices() {
        return devices.get();
    }

    public Domain defaultDomain() {
        return defaultDomain.get();
    }

    public Domain blockingDomain() {
        return blockingDomain.get();
    }

    /** What is attached as far as users of the group are concerned. */
    public Domain domain() {
        return domain.get();
    }

    public int recoveryCnt() {
        return (int) recoveryCnt.get();
    }

    /** The member that is {@code dev}, or null once it left. */
    public GroupDevice find(Device dev) {
        List<GroupDevice> all = devices.get();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).dev() == dev) {
                return all.get(i);
            }
        }
        return null;
    }

    // ---- attach, replace, detach

    /** Attaches to a group that has its default or blocking domain. @kernel iommu_attach_group */
    public Errno attach(Domain next) {
        try (Held _ = mutex.lock()) {
            Domain now = domain.get();
            if (now != null && now != defaultDomain.get() && now != blockingDomain.get()) {
                return Errno.EBUSY;
            }
            return setDomain(next);
        }
    }

    /**
     * Attaches, whatever was attached before; without a moment in which DMA is refused.
     *
     * @kernel iommu_group_replace_domain
     */
    public Errno replace(Domain next) {
        try (Held _ = mutex.lock()) {
            return setDomain(next);
        }
    }

    /**
     * Back to the default domain, or to the blocking one if somebody owns the group. Cannot fail.
     *
     * @kernel iommu_detach_group
     */
    public void detach() {
        try (Held _ = mutex.lock()) {
            setCoreDomain();
        }
    }

    /**
     * The hardware of {@code dev} has been left as it was found; no longer. Not while a device of the group
     * is in recovery: it may be this one, and blocked by now.
     *
     * @req R2 R12
     */
    Errno deferredAttach(Device dev) {
        try (Held _ = mutex.lock()) {
            if (recoveryCnt.get() > 0) {
                return Errno.EBUSY;
            }
            GroupDevice gdev = find(dev);
            return gdev == null ? Errno.ENODEV : gdev.attachDeferred(domain.get());
        }
    }

    // ---- PASIDs

    /** Attaches a PASID that has no domain yet. */
    public Errno attachPasid(Domain next, int pasid) {
        try (Held _ = mutex.lock()) {
            return pasids.attach(next, pasid);
        }
    }

    /** Another domain for a PASID, without a moment in which its DMA is refused by the core. */
    public Errno replacePasid(Domain next, int pasid) {
        try (Held _ = mutex.lock()) {
            return pasids.replace(next, pasid);
        }
    }

    /** The PASID has no domain any more. Cannot fail. */
    public void detachPasid(int pasid) {
        try (Held _ = mutex.lock()) {
            pasids.detach(pasid);
        }
    }

    PasidAttach pasids() {
        return pasids;
    }

    // ---- who may use the DMA

    /** A kernel driver is about to rely on the default domain. @kernel iommu_device_use_default_domain */
    Errno useDefaultDomain() {
        try (Held _ = mutex.lock()) {
            if (ownerCnt.get() > 0 && (owner.get() != null || domain.get() != defaultDomain.get())) {
                return Errno.EBUSY;
            }
            ownerCnt.add(1);
            return Errno.OK;
        }
    }

    /** @kernel iommu_device_unuse_default_domain */
    void unuseDefaultDomain() {
        try (Held _ = mutex.lock()) {
            if (!core.kernel().warnOn(ownerCnt.get() == 0, name + " default domain unused twice")) {
                ownerCnt.add(-1);
            }
        }
    }

    /**
     * Takes the group's DMA for {@code who}: it is blocked until they attach something. Refused while anybody
     * uses the group or its domain is not the default one.
     *
     * @kernel iommu_group_claim_dma_owner
     * @req R17
     */
    public Errno claimDmaOwner(Object who) {
        try (Held _ = mutex.lock()) {
            if (ownerCnt.get() > 0) {
                return Errno.EPERM;
            }
            if (domain.get() != null && domain.get() != defaultDomain.get()) {
                return Errno.EBUSY;
            }
            if (!pasids.pasids().all().isEmpty()) {
                return Errno.EBUSY;
            }
            if (devices.get().isEmpty()) {
                return Errno.ENODEV;
            }
            Domain blocking = makeBlockingDomain(devices.get().getFirst().dev());
            if (blocking == null) {
                return Errno.ENOMEM;
            }
            Errno err = setDomain(blocking);
            if (err.ok()) {
                owner.set(who);
                ownerCnt.set(1);
            }
            return err;
        }
    }

    /** Gives the DMA back to kernel drivers. Cannot fail. @kernel iommu_group_release_dma_owner @req R17 */
    public void releaseDmaOwner() {
        try (Held _ = mutex.lock()) {
            if (core.kernel().warnOn(owner.get() == null, name + " has no owner")) {
                return;
            }
            ownerCnt.set(0);
            owner.set(null);
            setCoreDomain();
        }
    }

    // ---- set a domain over all devices

    /**
     * All devices or none. When a device refuses, those before it go back; one that cannot go back ends
     * blocked.
     *
     * @kernel __iommu_group_set_domain
     * @req R9 R11 R33
     */
    Errno setDomain(Domain next) {
        Domain old = domain.get();
        if (next == old) {
            return Errno.OK;
        }
        if (recoveryCnt.get() > 0) {
            return Errno.EBUSY;
        }
        List<GroupDevice> all = devices.get();
        for (int i = 0; i < all.size(); i++) {
            if (!mayGo(all.get(i).dev(), next)) {
                return Errno.EINVAL;
            }
        }
        for (int i = 0; i < all.size(); i++) {
            Errno err = all.get(i).attach(next, old);
            if (err.failed()) {
                goBack(all.subList(0, i), next, old);
                return err;
            }
        }
        choose(next);
        return Errno.OK;
    }

    /** One that needs what firmware reserved for it is not blocked but for a reset. @req R18 */
    private boolean mayGo(Device dev, Domain next) {
        boolean blocks = next instanceof Domain.Blocked || next == blockingDomain.get();
        return dev.fwspec().ops() == next.owner() && !(blocks && dev.requiresDirect());
    }

    private static void goBack(List<GroupDevice> moved, Domain from, Domain to) {
        for (int i = moved.size() - 1; i >= 0; i--) {
            moved.get(i).mustAttach(to, from);
        }
    }

    /**
     * The must-succeed path: afterwards no hardware uses the old domain, which may be freed. A blocked device
     * does not use it already; it is attached to the new one when its recovery ends.
     *
     * @kernel __iommu_group_set_domain_nofail
     * @req R10
     */
    void setDomainNofail(Domain next) {
        Domain old = domain.get();
        if (next == old) {
            return;
        }
        if (recoveryCnt.get() > 0 && !core.design().mustSucceedPassesRecovery()) {
            core.kernel().warnOn(true, name + " is in recovery, detach refused");
            return;
        }
        List<GroupDevice> all = devices.get();
        for (int i = 0; i < all.size(); i++) {
            if (!all.get(i).isBlocked()) {
                all.get(i).mustAttach(next, old);
            }
        }
        choose(next);
    }

    private void choose(Domain next) {
        domain.set(next);
        List<GroupDevice> all = devices.get();
        for (int i = 0; i < all.size(); i++) {
            all.get(i).belongs(next);
        }
    }

    private void setCoreDomain() {
        setDomainNofail(owner.get() != null ? blockingDomain.get() : defaultDomain.get());
    }

    /** The driver's blocking domain, or an empty paging domain in its stead; null without memory. @req R7 */
    Domain makeBlockingDomain(Device dev) {
        if (blockingDomain.get() == null) {
            IommuOps ops = dev.iommu().ops();
            Domain blocking = ops.blockedDomain();
            blockingDomain.set(blocking != null ? blocking : ops.allocPaging(dev));
        }
        return blockingDomain.get();
    }

    // ---- members

    void add(GroupDevice gdev) {
        List<GroupDevice> more = new ArrayList<>(devices.get());
        more.add(gdev);
        devices.set(List.copyOf(more));
        if (reports != null) {
            reports.publish(devices.get());
        }
    }

    /**
     * A blocked device takes its share of the recovery count along, so that those who stay are not stuck.
     *
     * @req R44
     */
    void remove(GroupDevice gdev) {
        List<GroupDevice> fewer = new ArrayList<>(devices.get());
        fewer.remove(gdev);
        devices.set(List.copyOf(fewer));
        if (gdev.blocked() != BlockReason.NONE) {
            countRecovery(-1);
        }
        if (reports != null) {
            reports.publish(devices.get());
        }
    }

    /** It has left the list. */
    void dispose(GroupDevice gdev) {
        if (reports != null) {
            core.kernel().rcu().call(gdev);
        } else {
            gdev.free();
        }
    }

    // ---- reports

    /** Does one blocked device count for the whole group? */
    boolean asksGroup() {
        return core.design().blocksPerGroup();
    }

    /** Has a worker look after {@code dev}. Any context. */
    void report(Device dev, Workqueue worker) {
        reports.report(dev, worker);
    }

    /** For the worker. A device in a reset is the reset's. @param gdev null once it has left @req R39 */
    void blockReported(GroupDevice gdev) {
        if (gdev == null || !gdev.dev().iommu().report().take() || gdev.resetDepth() > 0
                || gdev.isBlocked()) {
            return;
        }
        Domain blocking = makeBlockingDomain(gdev.dev());
        Domain old = gdev.physical();
        if (blocking != null && (old == blocking || gdev.attach(blocking, old).ok())) {
            gdev.shut(BlockReason.REPORTED);
        }
    }

    private void blockAllReported() {
        try (Held _ = mutex.lock()) {
            devices.get().forEach(this::blockReported);
        }
    }

    /** Everybody here is condemned with the owner of {@code domain}, if that is where they are. */
    void killIfOn(Domain shared) {
        List<GroupDevice> all = devices.get();
        if (shared == null || domain.get() != shared || all.isEmpty()) {
            return;
        }
        Domain blocking = makeBlockingDomain(all.getFirst().dev());
        if (blocking != null && blocking != shared) {
            all.forEach(gdev -> core.condemn(gdev.dev()));
            setDomainNofail(blocking);
        }
    }

    void countRecovery(int delta) {
        recoveryCnt.add(delta);
    }

    void defaultDomain(Domain next) {
        defaultDomain.set(next);
    }

    /** Which isolation unit of the firmware it stands for. */
    String unit() {
        return unit;
    }

    void free() {
        life.free();
    }

    Kernel kernel() {
        return core.kernel();
    }

    @Override
    public String toString() {
        return name;
    }
}
