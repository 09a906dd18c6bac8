// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.arm.CmdqError;
import lazaret.iommu.design.MinimumX;

/** Takes an error for that of everybody who waits for a SYNC, as if it could not be told whose it is. */
public final class BlamesEverybody extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "blamesEverybody";
    }

    @Override
    public String inOneLine() {
        return "notes an ATC error for everybody who waits for a SYNC";
    }

    @Override
    public List<String> breaks() {
        return List.of("P11", "P3");
    }

    @Override
    public void onCmdqError(CmdqError error) {
        error.recordForAll();
        error.acknowledge();
    }
}
