// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.arm.Master;
import lazaret.iommu.design.MinimumX;

/** Gives the SMMU a moment, asleep, before it looks whether the fence is up. */
public final class SleepsInFence extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "sleepsInFence";
    }

    @Override
    public String inOneLine() {
        return "sleeps while it fences inside a flush";
    }

    @Override
    public List<String> breaks() {
        return List.of("P9");
    }

    /** Microseconds. */
    private static final long MOMENT = 10;

    @Override
    public boolean makeEffective(Master master) {
        boolean done = super.makeEffective(master);
        master.smmu().kernel().msleep(MOMENT);
        return done;
    }
}
