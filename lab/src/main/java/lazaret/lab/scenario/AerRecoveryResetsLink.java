// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Slot;
import lazaret.lab.Space;
import lazaret.lab.oracle.Property;

/**
 * As {@link DpcDuringFlush} where the port cannot be contained: the error message reaches the root, and the
 * kernel's recovery asks the driver, resets the link, which nobody announces to the IOMMU, and asks again.
 */
public final class AerRecoveryResetsLink implements Scenario {
    @Override
    public String line() {
        return "error recovery resets the link of a device while its domain is flushed";
    }

    @Override
    public void stage(Lab lab) {
        lab.beyondWhenACallFails(Property.P7, "software gives the device up before it is ready, and nobody"
                + " told the IOMMU driver of the reset: the STE goes on serving a device whose ATS is off");
        Slot slot = lab.slot("slot", 1).handled().withoutContainment();
        Fn nic = slot.endpoint("nic", "01:00.0").hasCarefulDriver();
        Space space = lab.domain(nic);
        space.map(0x1000);
        nic.warm(0x1000).writes(0x1000, 0xbad, 2);

        lab.cpu("cpu0", () -> {
            lab.free(space.unmap(0x1000));
            lab.sleep(1_000_000);
            lab.check(!nic.wasRemovedWithin(Long.MAX_VALUE), "a reset of the link is no unplug");
        });
        lab.cpu("cpu2", () -> slot.fatalError(nic));
    }
}
