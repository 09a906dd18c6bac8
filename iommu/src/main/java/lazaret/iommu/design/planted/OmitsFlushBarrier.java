// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.arm.Barrier;
import lazaret.iommu.design.MinimumX;

/** Reads the array of what must forget while its own store to the page table is still on its way. */
public final class OmitsFlushBarrier extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "omitsFlushBarrier";
    }

    @Override
    public String inOneLine() {
        return "reads who must forget before its cleared descriptor is seen";
    }

    @Override
    public List<String> breaks() {
        return List.of("P1");
    }

    @Override
    public boolean orders(Barrier barrier) {
        return barrier != Barrier.DESCRIPTOR_BEFORE_ARRAY;
    }
}
