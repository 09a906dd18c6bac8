// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.arm.AtcRound;
import lazaret.iommu.arm.Master;
import lazaret.iommu.design.MinimumX;

/** Does not ask who it was: everybody in the batch is fenced. */
public final class FencesWholeBatch extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "fencesWholeBatch";
    }

    @Override
    public String inOneLine() {
        return "fences everybody who was asked together with the culprit";
    }

    @Override
    public List<String> breaks() {
        return List.of("P3", "P11");
    }

    @Override
    public List<Master> culprits(AtcRound round) {
        return round.asked();
    }
}
