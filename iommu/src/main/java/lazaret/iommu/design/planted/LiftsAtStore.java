// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.arm.Master;
import lazaret.iommu.design.MinimumX;

/** Lifts the fence once more when the STE is stored after a reset: by then it may be a newer one. */
public final class LiftsAtStore extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "liftsAtStore";
    }

    @Override
    public String inOneLine() {
        return "the end of a reset lifts a fence that is newer than the reset";
    }

    @Override
    public List<String> breaks() {
        return List.of("P5");
    }

    @Override
    public long lastLook(Master master, long word) {
        if (master.restoring()) {
            master.smmu().fence().liftLocked(master);
        }
        return super.lastLook(master, word);
    }
}
