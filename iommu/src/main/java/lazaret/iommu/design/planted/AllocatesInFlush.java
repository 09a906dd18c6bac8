// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.arm.AtcRound;
import lazaret.iommu.arm.Master;
import lazaret.iommu.design.MinimumX;
import lazaret.kernel.Gfp;

/** Allocates, in a way that may sleep, room to note the culprits. */
public final class AllocatesInFlush extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "allocatesInFlush";
    }

    @Override
    public String inOneLine() {
        return "allocates with GFP_KERNEL inside a flush";
    }

    @Override
    public List<String> breaks() {
        return List.of("P9");
    }

    @Override
    public List<Master> culprits(AtcRound round) {
        Master first = round.asked().getFirst();
        return first.smmu().kernel().alloc(Gfp.KERNEL, "culprits") ? super.culprits(round) : round.asked();
    }
}
