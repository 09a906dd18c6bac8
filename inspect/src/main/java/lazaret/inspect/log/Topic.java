// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

/** What an incident is about. */
public enum Topic {
    SMMU_BOOT("SMMUv3 boot"),
    SMMU_FAULT("SMMUv3 fault"),
    SMMU_QUEUE("SMMUv3 queues"),
    VTD_BOOT("VT-d boot"),
    VTD_FAULT("VT-d fault"),
    VTD_QUEUE("VT-d invalidation queue"),
    VTD_SOFTWARE("VT-d software"),
    AMD_BOOT("AMD-Vi boot"),
    AMD_FAULT("AMD-Vi event"),
    AMD_FLUSH("AMD-Vi flush"),
    PCI("PCIe"),
    DEVICE("device"),
    LOCKUP("lockup"),
    CORE("IOMMU core"),
    CAPABILITIES("capabilities");

    private final String text;

    Topic(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}
