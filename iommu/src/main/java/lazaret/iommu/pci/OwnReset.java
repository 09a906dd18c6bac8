// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import lazaret.kernel.Errno;

/** A reset that a device's own code or its firmware does: between announcement and end, and it may nest. */
@FunctionalInterface
public interface OwnReset {
    /** ENOTTY if it did not work: then the next method is tried. */
    Errno reset(PciReset pci, PciDev dev);
}
