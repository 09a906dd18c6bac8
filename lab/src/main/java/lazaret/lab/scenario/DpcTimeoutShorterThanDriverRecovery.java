// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Slot;
import lazaret.lab.Space;

/**
 * A fatal error contains the port of a device. The port is released long before the driver of the device
 * has noticed and resets it: in between the device is back, reset, and software thinks of it as it was. (A
 * recovery of mlx5 that takes longer than containment waits for it.)
 */
public final class DpcTimeoutShorterThanDriverRecovery implements Scenario {
    @Override
    public String line() {
        return "containment resets a device and is over before its driver recovers";
    }

    @Override
    public void stage(Lab lab) {
        Slot slot = lab.slot("slot", 1);
        Fn nic = slot.endpoint("nic", "01:00.0");
        Space space = lab.domain(nic);
        space.map(0x1000);
        space.map(0x2000);
        nic.warm(0x1000).warm(0x2000).writes(0x1000, 0xbad, 2);

        lab.cpu("cpu0", () -> {
            lab.free(space.unmap(0x1000));
            lab.sleep(lab.atcTimeoutUs());
            lab.note("reset by the driver", nic.reset());
            lab.free(space.unmap(0x2000));
        });
        lab.cpu("cpu1", () -> {
            slot.fatalError(nic);
            slot.awaitEvent();
            slot.release();
            lab.note("recovery", nic.recovered());
        });
    }
}
