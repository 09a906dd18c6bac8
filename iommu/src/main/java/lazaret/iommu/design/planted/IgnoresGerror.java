// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.design.MinimumX;

/** Leaves errors to the interrupt, which may be pending on the very CPU that waits with interrupts off. */
public final class IgnoresGerror extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "ignoresGerror";
    }

    @Override
    public String inOneLine() {
        return "whoever waits for a SYNC does not look for errors, the interrupt will";
    }

    @Override
    public List<String> breaks() {
        return List.of("P2", "P11");
    }

    @Override
    public boolean issuerHandlesGerror() {
        return false;
    }
}
