// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.arm.SmmuDesign;

/** A design with a bug in one step. It shows that the oracle can see what it claims to watch. */
public interface Planted extends SmmuDesign {
    /** How the name of each begins, so that nobody takes it for a proposal. */
    String PREFIX = "planted:";

    /** Names of properties that it is seen to break, {@code P2}, the one that is easiest to see first. */
    List<String> breaks();
}
