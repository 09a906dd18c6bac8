// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design;

import java.util.List;
import lazaret.iommu.arm.SmmuDesign;

/** The designs by name, the default first. */
public final class Designs {
    private Designs() { }

    /** Design objects hold no state: each call makes new ones. */
    public static List<SmmuDesign> all() {
        return List.of(new MinimumX(), new MinimumY(), new Mainline());
    }

    /** What runs when nobody chooses. */
    public static SmmuDesign standard() {
        return new MinimumX();
    }

    /** Null when there is no design of that name. */
    public static SmmuDesign named(String name) {
        for (SmmuDesign design : all()) {
            if (design.name().equalsIgnoreCase(name)) {
                return design;
            }
        }
        return null;
    }
}
