// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Slot;
import lazaret.lab.Space;

/**
 * The link of a device fails without an interrupt while its virtual machine is being destroyed: every flush
 * waits for a device that is no longer there, and nobody has said so. (linux-pci, February 2024.)
 */
public final class LinkDownNoEventVmDestroy implements Scenario {
    @Override
    public String line() {
        return "a link fails and nobody is told while the domain of the device is torn down";
    }

    @Override
    public void stage(Lab lab) {
        Slot slot = lab.slot("slot", 1);
        Fn nic = slot.endpoint("nic", "01:00.0");
        Space space = lab.domain(nic);
        space.map(0x1000);
        space.map(0x2000);
        nic.warm(0x1000).warm(0x2000).writes(0x2000, 0xbad, 2);

        lab.cpu("cpu0", () -> {
            lab.free(space.unmap(0x1000));
            lab.free(space.unmap(0x2000));
            nic.detach();
            space.free();
        });
        lab.cpu("cpu1", slot::linkFailsSilently);
    }
}
