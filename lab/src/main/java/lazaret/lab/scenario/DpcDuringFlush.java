// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Slot;
import lazaret.lab.Space;

/**
 * A device reports a fatal error while a CPU flushes its domain: hardware contains the port long before
 * software is told, so invalidations time out in between. Then the kernel's containment handler recovers it
 * and hot plug looks away; whoever flushed has contained it by then, and an operator resets it. (Ethan Zhao,
 * J. Gunthorpe, July 2025: such a reset is not announced to the IOMMU.)
 */
public final class DpcDuringFlush implements Scenario {
    /** Hot plug waits so long for the end of a recovery. */
    private static final long HOTPLUG_WAITS_US = 4_000_000;

    @Override
    public String line() {
        return "containment meets a flush; its handler recovers the device, hot plug leaves it alone";
    }

    @Override
    public void stage(Lab lab) {
        Slot slot = lab.slot("slot", 1).handled();
        Fn nic = slot.endpoint("nic", "01:00.0").hasCarefulDriver();
        Space space = lab.domain(nic);
        space.map(0x1000);
        nic.warm(0x1000).writes(0x1000, 0xbad, 2);

        lab.cpu("cpu0", () -> {
            lab.free(space.unmap(0x1000));
            lab.sleep(HOTPLUG_WAITS_US);
            lab.check(!nic.wasRemovedWithin(HOTPLUG_WAITS_US), "hot plug waits for recovery");
        });
        lab.cpu("cpu2", () -> slot.fatalError(nic));
    }
}
