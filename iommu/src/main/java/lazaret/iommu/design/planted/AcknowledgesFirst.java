// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.arm.CmdqError;
import lazaret.iommu.design.MinimumX;

/** Lets the queue run on before it notes whose error it was: the issuer may look too early. */
public final class AcknowledgesFirst extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "acknowledgesFirst";
    }

    @Override
    public String inOneLine() {
        return "acknowledges an error before it notes whose it is";
    }

    @Override
    public List<String> breaks() {
        return List.of("P2", "P11");
    }

    @Override
    public void onCmdqError(CmdqError error) {
        error.acknowledge();
        error.record();
    }
}
