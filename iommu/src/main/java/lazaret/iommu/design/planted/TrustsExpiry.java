// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.arm.Synced;
import lazaret.iommu.design.MinimumX;

/** Takes only an error for a bad answer, and no answer within the limit for a good one. */
public final class TrustsExpiry extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "trustsExpiry";
    }

    @Override
    public String inOneLine() {
        return "takes no answer within the limit for a good answer";
    }

    @Override
    public List<String> breaks() {
        return List.of("P2", "P1");
    }

    @Override
    public boolean positive(Synced synced) {
        return synced == Synced.OK || synced == Synced.EXPIRED;
    }
}
