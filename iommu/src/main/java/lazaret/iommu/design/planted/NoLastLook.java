// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.arm.Master;
import lazaret.iommu.design.MinimumX;

/** An attach decides about EATS when it begins and stores what it decided, whatever happened since. */
public final class NoLastLook extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "noLastLook";
    }

    @Override
    public String inOneLine() {
        return "stores EATS as the attach planned it, over a fence that came since";
    }

    @Override
    public List<String> breaks() {
        return List.of("P5", "P7");
    }

    @Override
    public long lastLook(Master master, long word) {
        return word;
    }
}
