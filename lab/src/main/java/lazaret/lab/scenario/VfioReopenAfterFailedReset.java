// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * The reset with which VFIO closes a device fails: the core keeps the device blocked, and who opens it next
 * is refused, however often. Then it gets well, an operator resets it through sysfs, and it opens. (The order
 * is Linux's: opening attaches before it resets, so opening alone never frees a blocked device.)
 */
public final class VfioReopenAfterFailedReset implements Scenario {
    @Override
    public String line() {
        return "the reset at VFIO's close fails: opening is refused until a reset has worked";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space guest = lab.domain();
        Space next = lab.domain();
        guest.map(0x1000);
        next.map(0x1000);
        lab.check(nic.forUsers().ok(), "VFIO takes it");
        lab.check(nic.opens(guest).ok(), "the guest opens it");
        nic.warm(0x1000);
        nic.neverAnswersAtcInv();
        nic.flrFails();
        nic.writes(0x1000, 0xbad, 2);

        lab.cpu("cpu0", () -> {
            lab.free(guest.unmap(0x1000));
            nic.closes();
            lab.check(nic.opens(next).failed(), "who opens a blocked device is refused");
            nic.getsWell();
            lab.check(nic.reset().ok(), "a device that is well can be reset");
            lab.check(nic.opens(next).ok(), "it opens after a reset that worked");
            lab.free(next.unmap(0x1000));
        });
    }
}
