// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

import java.util.List;

/**
 * What firmware says about a device: which IOMMU it sits behind and under which ids it is known there.
 *
 * @param ops  the driver instance of that IOMMU
 * @param ids  stream ids, in firmware's order
 * @param unit name of the isolation unit; devices that name the same unit share a group
 * @kernel iommu_fwspec
 */
public record Fwspec(IommuOps ops, List<Integer> ids, String unit) {
    public Fwspec {
        ids = List.copyOf(ids);
    }
}
