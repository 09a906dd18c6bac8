// SPDX-License-Identifier: Apache-2.0
/**
 * The software under test: the IOMMU core, the PCI layer that resets, the SMMUv3 driver, and the rival
 * designs of containment. It reaches hardware only through memory, registers, config space and interrupts.
 */
module lazaret.iommu {
    requires transitive lazaret.kernel;
    requires transitive lazaret.smmuv3;
    requires transitive lazaret.pcie;

    exports lazaret.iommu;
    exports lazaret.iommu.pci;
    exports lazaret.iommu.arm;
    exports lazaret.iommu.design;
    exports lazaret.iommu.design.planted;

    opens lazaret.iommu to lazaret.machine;
    opens lazaret.iommu.pci to lazaret.machine;
    opens lazaret.iommu.arm to lazaret.machine;
    opens lazaret.iommu.design to lazaret.machine;
    opens lazaret.iommu.design.planted to lazaret.machine;
}
