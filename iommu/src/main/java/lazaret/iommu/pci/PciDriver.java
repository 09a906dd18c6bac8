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

    // ---- error recovery. @kernel pci_error_handlers

    /** Something happened on the way to the function: stop using it. What does it need? */
    default ErsResult errorDetected(PciDev dev, ChannelState state) {
        return ErsResult.NO_AER_DRIVER;
    }

    /** The link was not reset: does the function work? */
    default ErsResult mmioEnabled(PciDev dev) {
        return ErsResult.NONE;
    }

    /** The link was reset: set the function up again. */
    default ErsResult slotReset(PciDev dev) {
        return ErsResult.NONE;
    }

    /** All are well: go on. */
    default void resume(PciDev dev) {
    }
}
