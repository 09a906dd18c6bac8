// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.arm.Master;
import lazaret.iommu.design.MinimumX;

/** Fences and goes on asking: each flush waits for the time-out again. */
public final class NeverMutes extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "neverMutes";
    }

    @Override
    public String inOneLine() {
        return "fences, but goes on asking in each flush";
    }

    @Override
    public List<String> breaks() {
        return List.of("P4");
    }

    @Override
    public void mute(Master master) {
        // forgotten
    }
}
