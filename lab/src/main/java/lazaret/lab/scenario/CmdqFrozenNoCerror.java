// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;
import lazaret.lab.oracle.Property;

/**
 * The command queue itself stops: the consumer index stands still and no error is raised, as in the GB10
 * incidents of October 2026. Whatever has to be told to the SMMU goes through that queue, the fence included.
 */
public final class CmdqFrozenNoCerror implements Scenario {
    static final String WHY = "TLBs, ATCs and the fence are all told through the queue that stands still. "
            + "What else there is, a design does when it is told to: docs/STUCK-QUEUE.md.";

    @Override
    public String line() {
        return "the command queue stops without an error: nobody can flush, or fence, through it";
    }

    @Override
    public void stage(Lab lab) {
        lab.beyondWithoutEscalation(Property.P1, WHY);
        lab.beyondWithoutEscalation(Property.P2, WHY);
        lab.commandQueueFreezes();
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space space = lab.domain(nic);
        space.map(0x1000);
        nic.warm(0x1000);
        nic.writes(0x1000, 0xbad, 2);

        lab.cpu("cpu0", () -> lab.free(space.unmap(0x1000)));
    }
}
