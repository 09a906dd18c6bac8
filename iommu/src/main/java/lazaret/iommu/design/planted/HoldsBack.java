// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.arm.Master;
import lazaret.iommu.design.MinimumX;

/** Fails an attach, a detach too, when the device does not confirm that it forgot its old domain. */
public final class HoldsBack extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "holdsBack";
    }

    @Override
    public String inOneLine() {
        return "a device that does not answer is not let go from its domain";
    }

    @Override
    public List<String> breaks() {
        return List.of("P10");
    }

    @Override
    public boolean letsGo(Master master) {
        return false;
    }
}
