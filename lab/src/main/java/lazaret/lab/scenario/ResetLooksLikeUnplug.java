// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Slot;
import lazaret.lab.Space;
import lazaret.lab.oracle.Property;

/**
 * An operator resets all below a port: the link goes down and comes up, and hot plug must not take that for a
 * device that was pulled out, for the reset is not over yet. (K. Busch, 16 January 2026.)
 */
public final class ResetLooksLikeUnplug implements Scenario {
    @Override
    public String line() {
        return "an operator resets a slot: hot plug must not take it for a device that goes";
    }

    @Override
    public void stage(Lab lab) {
        lab.beyondWhenACallFails(Property.P7, "software gives the device up before it is ready, and nobody"
                + " told the IOMMU driver of the reset: the STE goes on serving a device whose ATS is off");
        Slot slot = lab.slot("slot", 1).handled();
        Fn nic = slot.endpoint("nic", "01:00.0").hasCarefulDriver();
        Space space = lab.domain(nic);
        space.map(0x1000);
        nic.warm(0x1000).writes(0x1000, 0xfee1, 2);

        lab.cpu("cpu0", () -> {
            lab.check(slot.resetBelow().ok(), "the slot can be reset");
            lab.sleep(1_000_000);
            lab.check(!nic.wasRemovedWithin(Long.MAX_VALUE), "nobody removes the device that was reset");
            lab.free(space.unmap(0x1000));
        });
    }
}
