// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

import java.util.List;

/**
 * What firmware says about a device: which IOMMU it sits behind and under which ids it is known there.
 *
 * @param ops  the driver instance of that IOMMU
 * @param ids  stream ids, in firmware's order
 * @param unit name of the isolation unit; devices that name the same unit share a group
 * @param direct memory that the device uses whatever software thinks: has to be mapped one to one
 * @kernel iommu_fwspec
 */
public record Fwspec(IommuOps ops, List<Integer> ids, String unit, List<Region> direct) {
    /**
     * @param start a multiple of 4 KiB, as size
     * @kernel iommu_resv_region IOMMU_RESV_DIRECT
     */
    public record Region(long start, long size) { }

    public Fwspec {
        ids = List.copyOf(ids);
        direct = List.copyOf(direct);
    }

    /** Of a device for which firmware reserves nothing. */
    public Fwspec(IommuOps ops, List<Integer> ids, String unit) {
        this(ops, ids, unit, List.of());
    }
}
