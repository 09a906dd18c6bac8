// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.arm.Synced;
import lazaret.iommu.design.MinimumX;

/**
 * Takes an answer for an answer while another CPU is dealing with a time-out: a late one, to the invalidation
 * that timed out, may have been taken for it.
 */
public final class TrustsLateAnswers extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "trustsLateAnswers";
    }

    @Override
    public String inOneLine() {
        return "relies on an answer while a time-out is being dealt with";
    }

    @Override
    public List<String> breaks() {
        return List.of("P1");
    }

    @Override
    public boolean positive(Synced synced) {
        return synced == Synced.OK || synced == Synced.DOUBTFUL;
    }
}
