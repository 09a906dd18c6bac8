// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.arm.Insertion;
import lazaret.iommu.design.MinimumX;

/** Marks slots as valid before the commands are in them: an owner may publish them too early. */
public final class AnnouncesFirst extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "announcesFirst";
    }

    @Override
    public String inOneLine() {
        return "announces slots of the command queue before it has written them";
    }

    @Override
    public List<String> breaks() {
        return List.of("P12");
    }

    @Override
    public void insert(Insertion insertion) {
        insertion.announce();
        insertion.write();
    }
}
