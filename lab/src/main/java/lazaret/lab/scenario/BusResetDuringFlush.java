// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Slot;
import lazaret.lab.Space;
import lazaret.lab.oracle.Property;

/**
 * An operator resets the bus of a device while another CPU flushes: invalidations that meet the reset are
 * never answered, and the IOMMU driver is not told of such a reset.
 */
public final class BusResetDuringFlush implements Scenario {
    @Override
    public String line() {
        return "a bus reset, which nobody announces, meets a flush";
    }

    @Override
    public void stage(Lab lab) {
        lab.beyondWhenACallFails(Property.P7, "software gives the device up before it is ready, and nobody"
                + " told the IOMMU driver of the reset: the STE goes on serving a device whose ATS is off");
        Slot slot = lab.slot("slot", 1);
        Fn nic = slot.endpoint("nic", "01:00.0");
        Space space = lab.domain(nic);
        space.map(0x1000);
        nic.warm(0x1000).writes(0x1000, 0xbad, 2);

        lab.cpu("cpu0", () -> lab.free(space.unmap(0x1000)));
        lab.cpu("cpu1", () -> lab.note("bus reset", slot.resetBelow()));
    }
}
