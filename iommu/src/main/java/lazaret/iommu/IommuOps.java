// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

import lazaret.kernel.Errno;
import lazaret.machine.Unmodelled;

/**
 * What an IOMMU driver does for the core. Every method is called with the mutex of the device's group or of
 * probing held.
 */
public interface IommuOps {
    /** The IOMMU's name, {@code smmu3.0}. */
    String name();

    /**
     * Is this device mine? Makes driver-private state, hangs it on {@code dev.iommu()}; nothing is attached
     * yet.
     */
    Errno probeDevice(Device dev);

    /**
     * The device goes away, perhaps has gone. Afterwards no table names anything of it and the private state
     * is freed. Cannot fail and must not wait for the device.
     *
     * @req R43
     */
    void releaseDevice(Device dev);

    /** A new empty paging domain that fits {@code dev}, or null without memory. */
    Domain.Paging allocPaging(Device dev);

    /**
     * A new empty paging domain that fits {@code dev} and over which guests may put a stage 1 of their own;
     * null without memory or where there is no such thing.
     *
     * @kernel IOMMU_HWPT_ALLOC_NEST_PARENT
     */
    default Domain.Paging allocNestParent(Device dev) {
        return null;
    }

    /**
     * A domain that walks the page tables of a process, or null without memory or where there are none. It
     * keeps a reference of the address space, and lets go when it is freed.
     *
     * @kernel iommu_ops.domain_alloc_sva
     */
    default Domain.Paging allocSva(Device dev, Mm mm) {
        return null;
    }

    /**
     * Should {@code dev} start on the identity domain instead of a paging one?
     *
     * @kernel iommu_ops.def_domain_type
     */
    default boolean startsOnIdentity(Device dev) {
        return false;
    }

    /**
     * Shall the hardware of {@code dev} stay as it is found until its first DMA is mapped? A kernel that
     * starts after a crash does not know what the device is still doing.
     *
     * @kernel iommu_ops.is_attach_deferred
     */
    default boolean defersAttach(Device dev) {
        return false;
    }

    /** The one identity domain, or null if the hardware cannot. */
    Domain.Identity identityDomain();

    /** The one blocking domain, or null: then the core blocks with an empty paging domain. */
    Domain.Blocked blockedDomain();

    /**
     * Points the hardware at {@code next}. On failure nothing has changed. Attaching the native blocking
     * domain does not fail and allocates nothing.
     *
     * @param old what the hardware points at now, null at the first attach
     * @kernel iommu_domain_ops.attach_dev
     * @req R131
     */
    Errno attach(Domain next, Device dev, Domain old);

    /**
     * Points one PASID of the hardware at {@code next}. On failure nothing has changed. Called for devices
     * alone that probeDevice gave PASIDs.
     *
     * @param old what the PASID has now, or null
     * @kernel iommu_domain_ops.set_dev_pasid
     */
    default Errno attachPasid(Domain next, Device dev, int pasid, Domain old) {
        return Errno.EOPNOTSUPP;
    }

    /**
     * The hardware refuses the PASID from here on, and nothing that it was given under it is used any more.
     * Cannot fail and allocates nothing it needs.
     *
     * @kernel blocking_domain_set_dev_pasid
     */
    default void removePasid(Device dev, int pasid, Domain old) {
        throw new Unmodelled(name() + " takes PASID " + pasid + " away");
    }

    /** Answers a page request. Any context. @kernel iommu_ops.page_response */
    default void respond(Iopf.Request request, boolean there) {
        throw new Unmodelled(name() + " answers a page request");
    }

    /** Whatever page request the hardware has queued by now is reported when this returns. */
    default void drainRequests() { }

    /**
     * A reset of {@code dev} worked; the core is about to attach it again. Drop what a broken device was
     * marked with.
     *
     * @req R30
     */
    void resetDeviceDone(Device dev);
}
