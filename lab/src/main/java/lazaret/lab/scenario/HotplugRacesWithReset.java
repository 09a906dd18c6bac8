// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.iommu.pci.ResetMethod;
import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Slot;
import lazaret.lab.Space;

/**
 * Somebody pulls a device out of its slot while an operator resets it by its bus and a CPU flushes its
 * domain. The reset holds the lock of the device and wants that of the slot; hot plug looks at the slot and
 * wants the lock of the device. (L. Wunner, April 2023: reset_lock and device_lock taken in both orders.)
 */
public final class HotplugRacesWithReset implements Scenario {
    @Override
    public String line() {
        return "a device is pulled out of its slot while an operator resets the slot";
    }

    @Override
    public void stage(Lab lab) {
        Slot slot = lab.slot("slot", 1).handled();
        Fn nic = slot.endpoint("nic", "01:00.0").hasCarefulDriver().resetsBy(ResetMethod.BUS);
        Space space = lab.domain(nic);
        space.map(0x1000);
        nic.warm(0x1000).writes(0x1000, 0xbad, 2);

        lab.cpu("cpu0", () -> {
            lab.note("reset by an operator", nic.reset());
            lab.free(space.unmap(0x1000));
        });
        lab.cpu("cpu2", slot::isEmptied);
    }
}
