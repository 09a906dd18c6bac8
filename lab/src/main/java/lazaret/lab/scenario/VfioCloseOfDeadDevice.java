// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * A virtual machine with a device that stops answering ATC invalidations gives a page back and ends: its VFIO
 * device is closed, which resets it. Beside it an operator unbinds the device, and waits with the device lock
 * held until it is closed. The next user must find a working device. (S. Khawaja: a VFIO restart has to bring
 * it back.)
 */
public final class VfioCloseOfDeadDevice implements Scenario {
    @Override
    public String line() {
        return "a guest's device stops answering; the guest ends, an operator unbinds, the next one opens it";
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
        nic.writes(0x1000, 0xbad, 2);

        lab.cpu("cpu0", () -> {
            lab.free(guest.unmap(0x1000));
            nic.closes();
            guest.free();
        });
        lab.cpu("cpu1", () -> {
            nic.unbind();
            lab.check(nic.forUsers().ok(), "VFIO takes it again");
            lab.check(nic.opens(next).ok(), "the next guest opens it");
            lab.check(nic.hasAts(), "the next guest finds ATS on");
            lab.free(next.unmap(0x1000));
        });
    }
}
