// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.arm.Master;
import lazaret.iommu.design.MinimumX;

/** Clears EATS in memory and takes the fence for done; the SMMU goes on with its cached STE. */
public final class ForgetsConfigSync extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "forgetsConfigSync";
    }

    @Override
    public String inOneLine() {
        return "clears EATS in memory, sends no CFGI_STE and no SYNC";
    }

    @Override
    public List<String> breaks() {
        return List.of("P2", "P1");
    }

    @Override
    public boolean makeEffective(Master master) {
        return true;
    }
}
