// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Slot;
import lazaret.lab.Space;
import lazaret.lab.oracle.Property;

/**
 * A device does not answer, and at some moment of the flush that finds it out the command queue stops: before
 * the TLB has forgotten, before the device was asked, or when only the fence is missing.
 */
public final class CmdqStopsDuringFlush implements Scenario {
    @Override
    public String line() {
        return "a device never answers, and the command queue stops at some moment of the flush that asks it";
    }

    @Override
    public void stage(Lab lab) {
        lab.beyondWithoutEscalation(Property.P1, CmdqFrozenNoCerror.WHY);
        lab.beyondWithoutEscalation(Property.P2, CmdqFrozenNoCerror.WHY);
        lab.beyond(Property.P11, "a queue that has stopped reports nothing any more");
        Slot slot = lab.slot("slot", 1);
        Fn nic = slot.endpoint("nic", "01:00.0");
        Space space = lab.domain(nic);
        space.map(0x1000);
        nic.warm(0x1000).neverAnswersAtcInv().writes(0x1000, 0xbad, 2);

        lab.cpu("cpu0", () -> lab.free(space.unmap(0x1000)));
        lab.cpu("cpu1", lab::commandQueueStops);
    }
}
