// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import lazaret.kernel.Errno;

/**
 * The driver of a PCI function. Every method is called with the function's device lock held.
 *
 * @kernel pci_driver
 */
public interface PciDriver {
    String name();

    /**
     * Does the driver bring its own domain, as user-space drivers do? Then the default domain is not claimed
     * for it.
     */
    default boolean driverManagedDma() {
        return false;
    }

    /** On failure nothing of the driver is left on the function. */
    Errno probe(PciDev dev);

    /** Cannot fail, even if the function is broken or gone. */
    void remove(PciDev dev);

    /** A reset comes: stop using the function. */
    default void resetPrepare(PciDev dev) {
    }

    /** The reset is over; whether it worked is for the driver to find out. */
    default void resetDone(PciDev dev) {
    }
}
