// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * A virtual machine ends while its device is being reset: the owner detaches, and the group is on the
 * blocking domain, where there is no ATS, when the reset is over and restores what it saved.
 */
public final class OwnerDetachesDuringReset implements Scenario {
    @Override
    public String line() {
        return "the owner of a device detaches it and frees the domain while the device is reset";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space guest = lab.domain();
        guest.map(0x1000);
        nic.unbind();
        lab.check(nic.claim("guest").ok(), "the DMA can be claimed");
        lab.check(nic.attach(guest).ok(), "the owner can attach");
        nic.warm(0x1000).writes(0x1000, 0xfee1, 2);

        lab.cpu("cpu0", () -> lab.note("reset", nic.reset()));
        lab.cpu("cpu1", () -> {
            nic.detach();
            lab.free(guest.unmap(0x1000));
            guest.free();
        });
    }
}
