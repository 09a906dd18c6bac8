// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.arm.Invs;
import lazaret.iommu.arm.SmmuDevice;
import lazaret.iommu.design.MinimumX;

/** Frees a replaced invalidation array without waiting for flushes that still read it. */
public final class FreesArrayAtOnce extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "freesArrayAtOnce";
    }

    @Override
    public String inOneLine() {
        return "frees a replaced invalidation array without a grace period";
    }

    @Override
    public List<String> breaks() {
        return List.of("P8");
    }

    @Override
    public void retire(SmmuDevice smmu, Invs old) {
        old.free();
    }
}
