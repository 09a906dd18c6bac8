// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * Two CPUs flush pages of one device that is dead. Who finds out first fences and mutes it; if it mutes
 * first, the other flush skips the device and returns while its translated writes still pass. (The order
 * of steps in N. Chen's v4, May 2026.)
 */
public final class SecondFlushSkipsMuted implements Scenario {
    @Override
    public String line() {
        return "two CPUs flush pages of one dead device: the second may skip it only when it "
                + "is fenced";
    }

    @Override
    public void stage(Lab lab) {
        lab.errorInterruptMissing();
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space space = lab.domain(nic);
        space.map(0x1000);
        space.map(0x2000);
        nic.warm(0x2000);
        nic.neverAnswersAtcInv();
        nic.writes(0x2000, 0xbad, 1);

        lab.cpu("cpu0", () -> lab.free(space.unmap(0x1000)));
        lab.cpu("cpu1", () -> lab.free(space.unmap(0x2000)));
    }
}
