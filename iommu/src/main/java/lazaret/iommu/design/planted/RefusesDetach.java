// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.design.MinimumX;

/** Refuses even a domain change that must succeed while the device is in recovery (CVE-2026-52952). */
public final class RefusesDetach extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "refusesDetach";
    }

    @Override
    public String inOneLine() {
        return "refuses a detach while the device is being reset";
    }

    @Override
    public List<String> breaks() {
        return List.of("P10", "P8");
    }

    @Override
    public boolean mustSucceedPassesRecovery() {
        return false;
    }
}
