// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.arm.Master;
import lazaret.iommu.design.MinimumX;

/** Mutes first: a flush on another CPU skips the device and returns before the fence is up. */
public final class MutesBeforeFence extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "mutesBeforeFence";
    }

    @Override
    public String inOneLine() {
        return "mutes the device before its fence is up";
    }

    @Override
    public List<String> breaks() {
        return List.of("P2", "P1");
    }

    @Override
    public void quarantine(Master master) {
        mute(master);
        fence(master);
    }
}
