// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.arm.FenceState;
import lazaret.iommu.arm.Master;
import lazaret.iommu.design.MinimumX;
import lazaret.kernel.Held;

/** A reset that worked lifts the fence and forgets the mute: nobody asks the device any more. */
public final class LiftsFenceOnly extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "liftsFenceOnly";
    }

    @Override
    public String inOneLine() {
        return "a reset that worked lifts the fence and leaves the mute";
    }

    @Override
    public List<String> breaks() {
        return List.of("P7", "P2");
    }

    @Override
    public void resetDone(Master master) {
        try (Held _ = master.steLock().irqsave()) {
            master.fence(FenceState.NONE);
        }
    }
}
