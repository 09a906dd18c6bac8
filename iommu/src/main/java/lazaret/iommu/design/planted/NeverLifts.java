// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.arm.Master;
import lazaret.iommu.design.MinimumX;

/** A reset that worked changes nothing about the fence: the device never has ATS again. */
public final class NeverLifts extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "neverLifts";
    }

    @Override
    public String inOneLine() {
        return "a reset that worked does not lift the fence";
    }

    @Override
    public List<String> breaks() {
        return List.of("P6", "P13");
    }

    @Override
    public void resetDone(Master master) {
        // forgotten
    }
}
