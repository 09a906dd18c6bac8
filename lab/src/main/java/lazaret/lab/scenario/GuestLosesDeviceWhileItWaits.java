// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Guest;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;

/**
 * A guest waits for its device to answer, and the host takes the device away and releases it. Whoever asks a
 * device on behalf of a guest must neither find it freed nor keep the host from taking it for longer than the
 * hardware's limit; and what the device held is gone when the guest's pages go back to the host. (N. Chen's
 * fixes of virtual devices, July 2026.)
 */
public final class GuestLosesDeviceWhileItWaits implements Scenario {
    @Override
    public String line() {
        return "the host takes a guest's device away while the guest waits for its answer";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("nic", "01:00.0");
        Guest guest = nic.forGuest();
        guest.memory().map(0x5000);
        guest.map(0x1000, 0x5000);
        nic.warm(0x1000);
        nic.neverAnswersAtcInv();
        nic.writes(0x1000, 0xbad, 2);

        lab.cpu("cpu0", () -> lab.check(!guest.unmap(0x1000), "the guest learns of it"));
        lab.cpu("cpu1", () -> {
            guest.losesDevice();
            lab.free(guest.memory().unmap(0x5000));
        });
    }
}
