// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.arm.Flush;
import lazaret.iommu.design.MinimumX;

/** Asks devices before the TLB has forgotten: a device may ask again in between and get the old answer. */
public final class AtcBeforeTlb extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "atcBeforeTlb";
    }

    @Override
    public String inOneLine() {
        return "asks devices to forget before the TLB has forgotten";
    }

    @Override
    public List<String> breaks() {
        return List.of("P14", "P1");
    }

    @Override
    public void invalidate(Flush flush) {
        flush.atc();
        flush.tlb();
    }
}
