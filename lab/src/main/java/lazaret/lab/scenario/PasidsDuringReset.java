// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * A device with a PASID is reset while another CPU flushes the domain of that PASID. Once the reset was
 * announced nothing of the device passes and nobody asks it for anything, under any PASID; after it all is
 * as it was. (The series that blocks devices during resets, RFC 3 of 2025: a blocked RID blocks no PASID.)
 */
public final class PasidsDuringReset implements Scenario {
    @Override
    public String line() {
        return "a device with a PASID is reset while another CPU flushes the domain of the PASID";
    }

    @Override
    public void stage(Lab lab) {
        lab.pasids(3);
        Fn gpu = lab.endpoint("gpu", "01:00.0");
        Space space = lab.domain(1, gpu);
        space.map(0x1000);
        space.map(0x2000);
        gpu.pasid(1).warm(0x1000).writes(0x1000, 0xfee1, 2);

        lab.cpu("cpu0", () -> lab.free(space.unmap(0x1000)));
        lab.cpu("cpu1", () -> {
            lab.check(gpu.reset().ok(), "the FLR works");
            lab.check(gpu.hasAts(), "the device has ATS again");
        });
    }
}
