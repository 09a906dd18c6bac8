// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

/** The ways to reset a function, in the order in which they are tried. */
public enum ResetMethod {
    FLR
}
