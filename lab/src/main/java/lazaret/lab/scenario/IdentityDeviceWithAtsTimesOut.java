// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * A device works with ATS only, and its DMA without PASID is not translated: it has ATS there, too. Its
 * invalidations for a PASID are not answered any more; the fence that follows is one for both. (RFC on ATS
 * that is always on, January 2026.)
 */
public final class IdentityDeviceWithAtsTimesOut implements Scenario {
    @Override
    public String line() {
        return "a device that has ATS on the identity domain does not answer when a PASID is unmapped";
    }

    @Override
    public void stage(Lab lab) {
        lab.pasids(3);
        Fn gpu = lab.identityEndpoint("gpu", "01:00.0");
        Space space = lab.domain(1, gpu);
        space.map(0x1000);
        gpu.pasid(1).warm(0x1000).writes(0x1000, 0xbad1, 2);
        gpu.neverAnswersAtcInv();

        lab.cpu("cpu0", () -> {
            lab.check(gpu.hasAts(), "it has ATS");
            lab.free(space.unmap(0x1000));
            gpu.detach(1);
        });
    }
}
