// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

/** One kind of thing that a port tells software of. @kernel pcie_port_service_driver */
sealed interface PortService permits Aer, Dpc, Pciehp {
    /** For people. */
    String name();

    /** Fast half, in a hard interrupt: takes note of what the port says; is there anything to do? */
    boolean noted();

    /** Slow half. */
    void handle();
}
