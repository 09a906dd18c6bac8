// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * Software asks whether a device is there before it flushes, and the device is pulled out right after it
 * said yes. What it had sent still arrives. (Why a check does not help: the time-outs that follow a
 * surprise removal, linux-pci, December 2023 and January 2026.)
 */
public final class CheckThenYank implements Scenario {
    @Override
    public String line() {
        return "a device is pulled out between the question whether it is there and the flush";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space space = lab.domain(nic);
        space.map(0x1000);
        nic.warm(0x1000).writes(0x1000, 0xbad, 2);

        lab.cpu("cpu0", () -> {
            if (nic.present()) {
                lab.free(space.unmap(0x1000));
            }
        });
        lab.cpu("cpu1", nic::yank);
    }
}
