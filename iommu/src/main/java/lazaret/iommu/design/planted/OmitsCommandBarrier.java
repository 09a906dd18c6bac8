// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.arm.Barrier;
import lazaret.iommu.design.MinimumX;

/** Calls slots finished while the commands are still in the store buffer. */
public final class OmitsCommandBarrier extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "omitsCommandBarrier";
    }

    @Override
    public String inOneLine() {
        return "calls slots of the command queue finished while its commands are on their way";
    }

    @Override
    public List<String> breaks() {
        return List.of("P12");
    }

    @Override
    public boolean orders(Barrier barrier) {
        return barrier != Barrier.COMMANDS_BEFORE_VALID;
    }
}
