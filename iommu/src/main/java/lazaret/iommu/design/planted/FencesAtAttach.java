// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.arm.Master;
import lazaret.iommu.design.MinimumX;
import lazaret.smmuv3.Ste;

/** Stores EATS=0 whatever the attach wants, as if every device were fenced. */
public final class FencesAtAttach extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "fencesAtAttach";
    }

    @Override
    public String inOneLine() {
        return "stores EATS=0 at each attach and switches the device on all the same";
    }

    @Override
    public List<String> breaks() {
        return List.of("P7", "P14");
    }

    @Override
    public long lastLook(Master master, long word) {
        return Ste.EATS.put(word, Ste.Eats.ABT);
    }
}
