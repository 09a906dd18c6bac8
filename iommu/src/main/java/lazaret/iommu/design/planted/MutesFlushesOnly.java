// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.arm.Master;
import lazaret.iommu.design.MinimumX;

/** Leaves a muted device out of flushes, but asks it at each attach and detach. */
public final class MutesFlushesOnly extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "mutesFlushesOnly";
    }

    @Override
    public String inOneLine() {
        return "mutes flushes, but not attach and detach";
    }

    @Override
    public List<String> breaks() {
        return List.of("P4");
    }

    @Override
    public boolean skipsInAttach(Master master) {
        return false;
    }
}
