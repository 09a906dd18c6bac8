// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * A PASID moves from one domain to another while another CPU flushes the first. Either the flush asks the
 * device for that PASID, or the move does; and once the PASID has moved nothing comes from the first domain.
 */
public final class PasidMovesDuringFlush implements Scenario {
    @Override
    public String line() {
        return "a PASID moves to another domain while the first one is flushed";
    }

    @Override
    public void stage(Lab lab) {
        lab.pasids(3);
        Fn gpu = lab.endpoint("gpu", "01:00.0");
        Space one = lab.domain(1, gpu);
        Space two = lab.domain();
        one.map(0x1000);
        two.map(0x1000);
        gpu.pasid(1).warm(0x1000).writes(0x1000, 0xfee1, 3);

        lab.cpu("cpu0", () -> lab.free(one.unmap(0x1000)));
        lab.cpu("cpu1", () -> {
            lab.note("replace", gpu.replace(two, 1));
            gpu.detach(1);
            lab.free(two.unmap(0x1000));
        });
    }
}
