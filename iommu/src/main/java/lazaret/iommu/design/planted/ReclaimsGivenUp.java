// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.design.MinimumX;

/** Takes a SYNC that it waits for no longer for consumed, and its slot and those before it for free. */
public final class ReclaimsGivenUp extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "reclaimsGivenUp";
    }

    @Override
    public String inOneLine() {
        return "takes the slots up to a SYNC that was given up for free";
    }

    @Override
    public List<String> breaks() {
        return List.of("P12");
    }

    @Override
    public boolean reclaimsGivenUp() {
        return true;
    }
}
