// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * Somebody owns a device for its PASIDs alone: DMA without PASID is refused. The device is reset and its
 * PASID detached meanwhile. That DMA without PASID is blocked says nothing about the PASID. (L. Baolu, June
 * 2025.)
 */
public final class PasidBesideNothing implements Scenario {
    @Override
    public String line() {
        return "a device whose DMA without PASID is refused is reset while its PASID is detached";
    }

    @Override
    public void stage(Lab lab) {
        lab.pasids(8);
        Fn gpu = lab.endpoint("gpu", "01:00.0");
        gpu.unbind();
        lab.check(gpu.claim("owner").ok(), "nobody uses the group");
        Space space = lab.domain(0x41, gpu);
        space.map(0x1000);
        gpu.pasid(0x41).warm(0x1000).writes(0x1000, 0xfee1, 2);

        lab.cpu("cpu0", () -> {
            gpu.detach(0x41);
            lab.free(space.unmap(0x1000));
            space.free();
        });
        lab.cpu("cpu1", () -> lab.note("reset", gpu.reset()));
    }
}
