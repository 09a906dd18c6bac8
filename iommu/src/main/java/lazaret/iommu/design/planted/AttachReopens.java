// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.arm.Master;
import lazaret.iommu.design.MinimumX;

/** Takes a new attach for a new beginning. */
public final class AttachReopens extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "attachReopens";
    }

    @Override
    public String inOneLine() {
        return "lifts the fence when the device is attached again";
    }

    @Override
    public List<String> breaks() {
        return List.of("P5", "P1");
    }

    @Override
    public boolean mayUseAts(Master master) {
        master.smmu().fence().lift(master);
        return true;
    }
}
