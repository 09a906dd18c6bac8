// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import lazaret.iommu.Iommu;
import lazaret.kernel.Errno;
import lazaret.kernel.Held;
import lazaret.kernel.Level;
import lazaret.kernel.Mutex;

/**
 * The functions of a machine as they come and go. One coming or going at a time; lock order: this one's, then
 * a device lock, then what the IOMMU core takes.
 *
 * @kernel pci_lock_rescan_remove
 * @req R112
 */
public final class PciTree {
    private final Mutex lock;

    public PciTree(Iommu core) {
        lock = new Mutex(core.kernel(), "pci_rescan_remove_lock");
    }

    /** Whoever adds or removes several functions holds it over all of them. */
    Held lock() {
        return lock.lock();
    }

    /**
     * A function was found: probed, and bound to the driver that wants it. The log says so if not all of that
     * works.
     *
     * @kernel pci_bus_add_device
     */
    void comes(PciDev dev) {
        lock.assertHeld();
        Errno err = dev.add();
        if (err.ok() && dev.wanted() != null) {
            err = dev.bind(dev.wanted());
        }
        if (err.failed()) {
            dev.printk(Level.ERR, "found, and not in use: " + err);
        }
    }

    /** @kernel pci_stop_and_remove_bus_device */
    void goes(PciDev dev) {
        lock.assertHeld();
        dev.remove();
    }

    /** What an operator gets by writing to {@code remove} in sysfs. @kernel remove_store */
    public void remove(PciDev dev) {
        try (Held _ = lock()) {
            if (dev.isThere()) {
                goes(dev);
            }
        }
    }

    /**
     * What an operator gets by writing to {@code rescan} in sysfs.
     *
     * @return ENODEV if it is not there afterwards
     * @kernel rescan_store
     */
    public Errno rescan(PciDev dev) {
        try (Held _ = lock()) {
            if (!dev.isThere()) {
                comes(dev);
            }
            return dev.isThere() ? Errno.OK : Errno.ENODEV;
        }
    }
}
