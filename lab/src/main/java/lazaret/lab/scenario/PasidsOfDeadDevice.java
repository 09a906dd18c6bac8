// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * A device with two PASIDs dies. Two CPUs flush the domains of both: whoever finds out fences the whole
 * stream, so that the other one may believe it for its own PASID. (EATS is a field of the STE, not of a CD.)
 */
public final class PasidsOfDeadDevice implements Scenario {
    @Override
    public String line() {
        return "a device with two PASIDs dies, and the domains of both are flushed at once";
    }

    @Override
    public void stage(Lab lab) {
        lab.pasids(3);
        Fn gpu = lab.endpoint("gpu", "01:00.0");
        Space one = lab.domain(1, gpu);
        Space two = lab.domain(2, gpu);
        one.map(0x1000);
        two.map(0x2000);
        gpu.pasid(1).warm(0x1000).writes(0x1000, 0xbad1, 1);
        gpu.pasid(2).warm(0x2000).writes(0x2000, 0xbad2, 1);
        gpu.neverAnswersAtcInv();

        lab.cpu("cpu0", () -> lab.free(one.unmap(0x1000)));
        lab.cpu("cpu1", () -> lab.free(two.unmap(0x2000)));
    }
}
