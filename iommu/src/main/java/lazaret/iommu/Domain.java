// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

import lazaret.kernel.Errno;
import lazaret.kernel.Kernel;
import lazaret.kernel.Lifetime;

/** Where a device's DMA goes. @kernel iommu_domain @req R7 */
public abstract sealed class Domain {
    private final Kernel kernel;
    private final String name;
    private final IommuOps owner;
    private final Lifetime life;

    private Domain(Kernel kernel, String name, IommuOps owner) {
        this.kernel = kernel;
        this.name = name;
        this.owner = owner;
        life = new Lifetime(kernel, name);
    }

    /** Unique among the living, for people and the oracle. */
    public String name() {
        return name;
    }

    /** The driver instance that made it and alone understands it. */
    public IommuOps owner() {
        return owner;
    }

    public Lifetime life() {
        return life;
    }

    protected Kernel kernel() {
        return kernel;
    }

    @Override
    public String toString() {
        return name;
    }

    /** Translates through page tables that the driver builds. */
    public abstract non-sealed static class Paging extends Domain {
        protected Paging(Kernel kernel, String name, IommuOps owner) {
            super(kernel, name, owner);
        }

        /** Maps {@code size} bytes; all or nothing. @kernel iommu_map */
        public abstract Errno map(long iova, long pa, long size, Prot prot);

        /**
         * Unmaps and flushes. When it returns, nothing that was mapped in the range can be reached through
         * it.
         *
         * @return how many bytes were mapped and no longer are
         * @kernel iommu_unmap
         */
        public abstract long unmap(long iova, long size);

        /** Gives back tables and tags. No device is attached. Use {@link Iommu#domainFree}. */
        protected abstract void freeTables();

        protected final void mapped(long iova, long pa, long size) {
            if (kernel().machine().log().hears()) {
                kernel().machine().log().add(new IommuEntry.Mapped(name(), iova, pa, size));
            }
        }

        /** The descriptors are cleared; nothing is flushed yet. */
        protected final void unmapped(long iova, long pa, long size) {
            if (kernel().machine().log().hears()) {
                kernel().machine().log().add(new IommuEntry.Unmapped(name(), iova, pa, size));
            }
        }

        protected final void flushBegin(long start, long last) {
            if (kernel().machine().log().hears()) {
                kernel().machine().log().add(new IommuEntry.FlushBegin(name(), start, last));
            }
        }

        protected final void flushEnd(long start, long last) {
            if (kernel().machine().log().hears()) {
                kernel().machine().log().add(new IommuEntry.FlushEnd(name(), start, last));
            }
        }
    }

    /**
     * A guest's stage 1 over a paging domain of the host's, {@link #parent}. What the guest maps there the
     * host neither knows nor flushes; all it promises is that nothing leads out of the parent. Each change
     * that the guest wants is another domain.
     *
     * @kernel IOMMU_DOMAIN_NESTED
     * @req R7 R132
     */
    public abstract non-sealed static class Nested extends Domain {
        private final Paging parent;

        /** @param parent outlives it */
        protected Nested(Kernel kernel, String name, Paging parent) {
            super(kernel, name, parent.owner());
            this.parent = parent;
            if (kernel.machine().log().hears()) {
                kernel.machine().log().add(new IommuEntry.Nested(name, parent.name()));
            }
        }

        public Paging parent() {
            return parent;
        }

        /** May the device use ATS, as far as the guest is concerned? */
        public abstract boolean wantsAts();

        /** No device is attached. Use {@link Iommu#domainFree(Nested)}. */
        protected abstract void freeNested();
    }

    /** DMA addresses are physical addresses. One per driver instance. */
    public static final class Identity extends Domain {
        public Identity(Kernel kernel, IommuOps owner) {
            super(kernel, owner.name() + " identity", owner);
        }
    }

    /** All DMA is refused. One per driver instance. */
    public static final class Blocked extends Domain {
        public Blocked(Kernel kernel, IommuOps owner) {
            super(kernel, owner.name() + " blocked", owner);
        }
    }
}
