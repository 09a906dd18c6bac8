// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.design.MinimumX;

/** Does not reset a device that is blocked because its last reset failed: there is no way back. */
public final class RefusesSecondReset extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "refusesSecondReset";
    }

    @Override
    public String inOneLine() {
        return "a device whose reset failed cannot be reset again";
    }

    @Override
    public List<String> breaks() {
        return List.of("P13");
    }

    @Override
    public boolean resetsBlocked() {
        return false;
    }
}
