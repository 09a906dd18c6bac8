// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

import lazaret.kernel.Errno;
import lazaret.kernel.Held;
import lazaret.kernel.Kernel;
import lazaret.kernel.Workqueue;
import lazaret.machine.Ref;

/** The IOMMU core: what drivers, the PCI layer and users of DMA call. */
public final class Iommu {
    private final Kernel kernel;
    private final Design design;
    private final Probe probe;
    private final Sva sva;
    /** Part of the wiring. Null: nobody handles page requests. */
    private final Ref<Iopf> iopf;
    /** Where reports about broken devices are acted on; null in designs that do not report. */
    private final Workqueue worker;

    public Iommu(Kernel kernel, Design design) {
        this(kernel, design, null);
    }

    /** @param worker acts on reports about broken devices; null if the design has none */
    public Iommu(Kernel kernel, Design design, Workqueue worker) {
        this.kernel = kernel;
        this.design = design;
        this.worker = worker;
        probe = new Probe(this);
        sva = new Sva(this);
        iopf = new Ref<>(kernel.machine().undo(), null);
    }

    public Kernel kernel() {
        return kernel;
    }

    public Design design() {
        return design;
    }

    // ---- devices come and go

    /**
     * Puts a device into its group and on the group's domain. On failure nothing is left of it.
     *
     * @kernel iommu_probe_device
     */
    public Errno probeDevice(Device dev) {
        return probe.probe(dev);
    }

    /**
     * Takes a device out, whatever state it is in, present or not. Cannot fail.
     *
     * @kernel iommu_release_device
     */
    public void releaseDevice(Device dev) {
        probe.release(dev);
    }

    /** A kernel driver binds and will use the default domain. @kernel iommu_device_use_default_domain */
    public Errno useDefaultDomain(Device dev) {
        Group group = dev.group();
        return group == null ? Errno.OK : group.useDefaultDomain();
    }

    /** @kernel iommu_device_unuse_default_domain */
    public void unuseDefaultDomain(Device dev) {
        Group group = dev.group();
        if (group != null) {
            group.unuseDefaultDomain();
        }
    }

    /**
     * DMA of {@code dev} is about to be mapped: if its attach was put off, it happens now. Before it was, the
     * map fails.
     *
     * @return EBUSY while a device of its group is in recovery
     * @kernel iommu_deferred_attach
     */
    public Errno deferredAttach(Device dev) {
        DevIommu iommu = dev.iommu();
        return iommu == null || !iommu.attachDeferred() ? Errno.OK : dev.group().deferredAttach(dev);
    }

    // ---- domains

    /**
     * A new empty paging domain for {@code dev}, or null without memory.
     *
     * @kernel iommu_paging_domain_alloc
     */
    public Domain.Paging pagingDomainAlloc(Device dev) {
        return dev.iommu().ops().allocPaging(dev);
    }

    /**
     * A new empty paging domain for {@code dev} over which guests may put their stage 1; null without memory
     * or where hardware has but one stage.
     *
     * @kernel iommu_ops.domain_alloc_paging_flags
     */
    public Domain.Paging nestParentAlloc(Device dev) {
        return dev.iommu().ops().allocNestParent(dev);
    }

    /** No group may have it as its domain any more. @kernel iommu_domain_free */
    public void domainFree(Domain.Paging domain) {
        freed(domain);
        domain.freeTables();
        domain.life().free();
    }

    /** No group may have it as its domain any more. Its parent stays. */
    public void domainFree(Domain.Nested domain) {
        freed(domain);
        domain.freeNested();
        domain.life().free();
    }

    private void freed(Domain domain) {
        if (kernel.machine().log().hears()) {
            kernel.machine().log().add(new IommuEntry.DomainFreed(domain.name()));
        }
    }

    /**
     * What the hardware of {@code dev} points at now: the blocking domain while the device is blocked. For
     * drivers, inside attach.
     *
     * @kernel iommu_driver_get_domain_for_dev
     * @req R15
     */
    public Domain driverDomain(Device dev) {
        Group group = dev.group();
        GroupDevice gdev = group.find(dev);
        return gdev == null || !design.tellsPhysicalDomain() ? group.domain() : gdev.physical();
    }

    /** Devices that use the address spaces of processes. */
    public Sva sva() {
        return sva;
    }

    /** From now on {@code worker} handles page requests. Before the first IOMMU is brought up. */
    public void handlesRequests(Workqueue worker) {
        iopf.set(new Iopf(kernel, worker));
    }

    /** Null: nobody handles page requests. */
    public Iopf iopf() {
        return iopf.get();
    }

    // ---- resets

    /**
     * A reset of {@code dev} is about to begin. After success nothing of the device passes, no ATC_INV to it
     * is in flight and none will be sent; {@link #resetDone} must follow. The caller guarantees that the
     * device is not released in between. Nests.
     *
     * @kernel pci_dev_reset_iommu_prepare
     * @req R4 R5 R23 R32
     */
    public Errno resetPrepare(Device dev) {
        if (!concerned(dev)) {
            return Errno.OK;
        }
        Group group = dev.group();
        try (Held _ = group.mutex().lock()) {
            GroupDevice gdev = group.find(dev);
            return gdev == null ? Errno.ENODEV : Reset.prepare(group, gdev, design);
        }
    }

    /**
     * A reset that was announced ended with {@code result}; the outermost level decides.
     *
     * @kernel pci_dev_reset_iommu_done
     * @req R5
     */
    public void resetDone(Device dev, Errno result) {
        if (!concerned(dev)) {
            return;
        }
        Group group = dev.group();
        try (Held _ = group.mutex().lock()) {
            GroupDevice gdev = group.find(dev);
            if (gdev != null) {
                Reset.done(group, gdev, result, design);
            }
        }
    }

    // ---- devices that do not answer

    /**
     * A driver found that {@code dev} does not answer; a worker acts on it later. Any context. The caller
     * guarantees that the device is not released meanwhile.
     *
     * @req R38
     */
    public void reportDeviceBroken(Device dev) {
        DevIommu iommu = dev.iommu();
        Group group = dev.group();
        if (iommu == null || group == null) {
            return;
        }
        condemn(dev);
        iommu.report().raise();
        switch (design.reporting()) {
            case NONE -> kernel.warnOn(true, dev + " is reported to nobody");
            case IN_GROUP -> group.report(dev, worker);
            case IN_DEV_IOMMU, HELD -> worker.queue(iommu.report().work());
        }
    }

    /** For the worker: the device is blocked until a reset works, unless one has worked since the report. */
    public void blockReported(Device dev) {
        Group group = dev.group();
        if (group == null) {
            return;
        }
        try (Held _ = group.mutex().lock()) {
            group.blockReported(group.find(dev));
        }
    }

    /** For the worker: everybody who shares the domain of {@code dev} is on the blocking domain, for good. */
    public void killOwner(Device dev) {
        probe.killOwner(dev);
    }

    void condemn(Device dev) {
        if (kernel.machine().log().hears()) {
            kernel.machine().log().add(new IommuEntry.Condemned(dev.name(), dev.fwspec().ids()));
        }
    }

    /** Null in designs that do not report. */
    Report newReport(Device dev) {
        return design.reporting() == Reporting.NONE ? null
                : new Report(kernel, dev.name(), () -> design.onReported(dev));
    }

    /** Devices without an IOMMU or without ATS keep their domain over a reset. @req R20 */
    private static boolean concerned(Device dev) {
        return dev.group() != null && dev.atsSupported();
    }
}
