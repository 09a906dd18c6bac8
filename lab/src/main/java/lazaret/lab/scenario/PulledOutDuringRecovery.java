// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Slot;
import lazaret.lab.Space;

/**
 * A device is contained because of an error, and while its port's handler waits for it to answer again,
 * somebody pulls it out. Hot plug waits for the recovery a while, then removes the function from under it.
 * (Kangfenglong, 14 January 2026: containment at 1411 s, removal at 1479 s, a crash at 1484 s.)
 */
public final class PulledOutDuringRecovery implements Scenario {
    @Override
    public String line() {
        return "hot plug removes a device for which the containment handler still waits";
    }

    @Override
    public void stage(Lab lab) {
        Slot slot = lab.slot("slot", 1).handled();
        Fn nic = slot.endpoint("nic", "01:00.0").hasCarefulDriver();
        Space space = lab.domain(nic);
        space.map(0x1000);
        nic.warm(0x1000).writes(0x1000, 0xbad, 2);

        lab.cpu("cpu0", () -> lab.free(space.unmap(0x1000)));
        lab.cpu("cpu2", () -> {
            slot.fatalError(nic);
            lab.sleep(50_000);
            slot.isEmptied();
        });
    }
}
