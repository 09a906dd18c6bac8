// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;
import lazaret.lab.oracle.Property;

/**
 * The command queue stands still and goes on half a minute later, long after the driver has stopped waiting
 * for it.
 */
public final class CmdqGoesOnLater implements Scenario {
    private static final long WHILE_US = 30_000_000;

    @Override
    public String line() {
        return "the command queue stands still for half a minute, longer than the driver waits, and goes on";
    }

    @Override
    public void stage(Lab lab) {
        lab.beyondWithoutEscalation(Property.P1, CmdqFrozenNoCerror.WHY);
        lab.beyondWithoutEscalation(Property.P2, CmdqFrozenNoCerror.WHY);
        lab.commandQueueFreezes();
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space space = lab.domain(nic);
        space.map(0x1000);
        nic.warm(0x1000).writes(0x1000, 0xbad, 2);

        lab.cpu("cpu0", () -> lab.free(space.unmap(0x1000)));
        lab.cpu("cpu1", () -> {
            lab.sleep(WHILE_US);
            lab.commandQueueGoesOn();
        });
    }
}
