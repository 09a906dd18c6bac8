// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * The error interrupt goes to the CPU that waits for the SYNC with interrupts off: it stays pending. If
 * only the interrupt looked at the error, the queue would stand still until the CPU gave up, and the fence
 * has to go through that queue. (R. Murphy, 6 March 2026.)
 */
public final class ErrorInterruptPendsOnWaiter implements Scenario {
    @Override
    public String line() {
        return "the CPU that takes the error interrupt is the one that waits for the SYNC with "
                + "interrupts off";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space space = lab.domain(nic);
        space.map(0x1000);
        nic.warm(0x1000);
        nic.neverAnswersAtcInv();
        nic.writes(0x1000, 0xbad, 1);

        lab.cpu("cpu1", () -> lab.free(space.unmap(0x1000)));
    }
}
