// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.design.MinimumX;

/**
 * Ends only the last part of a long batch with a SYNC: the error of an earlier part surfaces at somebody
 * else's.
 */
public final class ClosesLastChunkOnly extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "closesLastChunkOnly";
    }

    @Override
    public String inOneLine() {
        return "ends only the last part of a long batch with a SYNC";
    }

    @Override
    public List<String> breaks() {
        return List.of("P11", "P2");
    }

    @Override
    public boolean closesChunk(boolean holdsAtcInv) {
        return false;
    }
}
