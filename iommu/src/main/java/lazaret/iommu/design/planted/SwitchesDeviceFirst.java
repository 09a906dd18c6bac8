// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.arm.Master;
import lazaret.iommu.design.MinimumX;
import lazaret.iommu.pci.PciDev;

/** Switches ATS on in the device before its STE lets it through. */
public final class SwitchesDeviceFirst extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "switchesDeviceFirst";
    }

    @Override
    public String inOneLine() {
        return "switches ATS on in the device before the STE lets it through";
    }

    @Override
    public List<String> breaks() {
        return List.of("P14");
    }

    /** log2 of a page. */
    private static final int PAGE = 12;

    @Override
    public void beforeAts(Master master) {
        if (master.dev() instanceof PciDev dev) {
            master.smmu().kernel().warnOn(dev.enableAts(PAGE).failed(), dev + " cannot switch ATS on");
        }
    }
}
