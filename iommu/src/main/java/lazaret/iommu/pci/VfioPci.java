// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import lazaret.iommu.Domain;
import lazaret.kernel.Completion;
import lazaret.kernel.Errno;
import lazaret.kernel.Guarded;
import lazaret.kernel.Held;
import lazaret.kernel.Kernel;
import lazaret.kernel.Level;
import lazaret.kernel.Lifetime;
import lazaret.kernel.Mutex;

/**
 * The driver that hands one function to user space: whoever opens it gets it reset, with a domain of his own;
 * whoever closes it leaves it reset and as it was found. Neither waits for the device lock, because unbind
 * holds that while it waits for the user to close. Lock order: this one's, then the device lock by trying.
 *
 * @kernel vfio_pci_core_device
 * @req R11 R17 R110
 */
public final class VfioPci implements PciDriver {
    private final PciDev dev;
    private final PciReset reset;
    private final Mutex lock;
    /** Done while nobody has it open. */
    private final Completion closed;
    private final Guarded<Boolean> open;
    /** Config space when it was opened; null: it did not answer. */
    private final Guarded<SavedState> found;

    /** For {@code dev} alone: bind it to no other. */
    public VfioPci(PciDev dev, PciReset reset) {
        this.dev = dev;
        this.reset = reset;
        Kernel kernel = dev.core().kernel();
        lock = new Mutex(kernel, "vfio_dev_set");
        closed = new Completion(kernel, dev.name() + " is closed");
        closed.completeAll();
        Lifetime life = new Lifetime(kernel, dev.name() + " vfio_device");
        open = new Guarded<>(kernel, "vfio_device.open", lock, life, false);
        found = new Guarded<>(kernel, "vfio_pci_core_device.pci_saved_state", lock, life, null);
    }

    @Override
    public String name() {
        return "vfio-pci";
    }

    @Override
    public boolean driverManagedDma() {
        return true;
    }

    @Override
    public Errno probe(PciDev pci) {
        return Errno.OK;
    }

    /** Waits until the user has closed it. */
    @Override
    public void remove(PciDev pci) {
        closed.await();
    }

    /**
     * Takes the DMA of the group, attaches {@code space} and resets the function; on failure nothing of that
     * is left.
     *
     * @return EBUSY if it is open, or blocked since a reset failed; EPERM if the DMA is another's; EAGAIN if
     *         somebody holds the device lock
     * @kernel vfio_df_open vfio_pci_core_enable
     */
    public Errno open(Domain space) {
        try (Held _ = lock.lock()) {
            Errno err = open.get() ? Errno.EBUSY : use(space);
            if (err.ok()) {
                closed.reinit();
                open.set(true);
            }
            return err;
        }
    }

    private Errno use(Domain space) {
        Errno err = dev.group().claimDmaOwner(this);
        if (err.failed()) {
            return err;
        }
        err = dev.group().attach(space);
        if (err.ok()) {
            err = enable();
            if (err.ok()) {
                return err;
            }
            dev.group().detach();
        }
        dev.group().releaseDmaOwner();
        return err;
    }

    /** A function that cannot be reset is handed out all the same: only a user that is in the way counts. */
    private Errno enable() {
        dev.clearMaster();
        Errno err = reset.tryFunction(dev);
        if (err == Errno.EAGAIN) {
            return err;
        }
        if (err.failed()) {
            dev.printk(Level.WARN, "handed to its user without a reset: " + err);
        }
        found.set(dev.storeState());
        return Errno.OK;
    }

    /**
     * The user is gone: no more DMA, a reset, config space as it was found; then its domain and the DMA of
     * the group are given back. Cannot fail; without the device lock there is no reset, and the next who
     * opens it makes up for that.
     *
     * @kernel vfio_df_close vfio_pci_core_disable
     */
    public void close() {
        try (Held _ = lock.lock()) {
            dev.clearMaster();
            Errno err = reset.tryFunctionTo(dev, found.get());
            if (err.failed()) {
                dev.printk(Level.WARN, "closed without a reset: " + err);
            }
            found.set(null);
            dev.group().detach();
            dev.group().releaseDmaOwner();
            open.set(false);
            closed.completeAll();
        }
    }
}
