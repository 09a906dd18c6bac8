// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

/**
 * The ways to reset one function, in the order in which they are tried.
 *
 * @kernel pci_reset_fn_methods
 */
public enum ResetMethod {
    /** What only this kind of device needs; it may contain another method. */
    DEVICE_SPECIFIC,
    /** Firmware does it. */
    ACPI,
    FLR,
    /** The same, offered by another capability. */
    AF_FLR,
    /** To sleep and awake again. */
    PM,
    /** All of the bus or slot, where the function is alone. */
    BUS,
    /** As BUS, below a CXL port, which keeps such a reset to itself unless told otherwise. */
    CXL_BUS
}
