// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * A device is taken out while another CPU flushes the domain it shares with a healthy one, and its last
 * translations are still on their way. (Q. Cai, July 2020; the removal of virtual functions, and all that
 * came after it.)
 */
public final class UnpluggedDuringFlush implements Scenario {
    /** A guest has its memory where the machine has its own. */
    private static final long GUEST = 0x8001_0000L;

    @Override
    public String line() {
        return "a device is taken out of the machine while its domain is flushed for another one";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("nic", "01:00.0");
        Fn gpu = lab.endpoint("gpu", "02:00.0");
        Space space = lab.domain(nic, gpu);
        space.map(GUEST);
        nic.warm(GUEST).writes(GUEST, 0xfee1, 2);
        gpu.warm(GUEST);

        lab.cpu("cpu0", () -> lab.free(space.unmap(GUEST)));
        lab.cpu("cpu1", () -> {
            nic.detach();
            nic.released();
        });
    }
}
