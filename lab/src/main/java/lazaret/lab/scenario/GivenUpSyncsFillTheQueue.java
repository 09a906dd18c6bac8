// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * The driver stops waiting for a SYNC long before the root gives the device up, and goes on: it has to
 * fence through the same queue of four slots. Those of the SYNCs it gave up are not free, hardware has
 * yet to read them.
 */
public final class GivenUpSyncsFillTheQueue implements Scenario {
    @Override
    public String line() {
        return "a queue of four slots, and SYNCs that the driver has given up but the "
                + "hardware has not";
    }

    @Override
    public void stage(Lab lab) {
        lab.atcTimeoutUs(30_000_000);
        lab.commandQueueHolds(2);
        lab.commandsAtOnce(2);
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space space = lab.domain(nic);
        space.map(0x1000);
        nic.neverAnswersAtcInv();

        lab.cpu("cpu0", () -> lab.free(space.unmap(0x1000)));
    }
}
