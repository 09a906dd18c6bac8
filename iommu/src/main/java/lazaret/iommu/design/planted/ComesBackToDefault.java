// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.Domain;
import lazaret.iommu.Group;
import lazaret.iommu.design.MinimumX;

/** Attaches a device after its reset where devices start, not where it belongs. */
public final class ComesBackToDefault extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "comesBackToDefault";
    }

    @Override
    public String inOneLine() {
        return "a device comes back from its reset on the default domain";
    }

    @Override
    public List<String> breaks() {
        return List.of("P6");
    }

    @Override
    public Domain afterReset(Group group) {
        return group.defaultDomain();
    }
}
