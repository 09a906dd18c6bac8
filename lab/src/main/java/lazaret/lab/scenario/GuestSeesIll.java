// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Guest;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;

/**
 * A guest's device does not answer the guest's ATC_INV, and the guest is told of an illegal command. Its
 * driver takes that out of the queue and goes on: for the guest the flush has worked, and the page gets
 * another use. Whether that is safe depends on the host alone, which has seen the time-out: where it fences
 * the device first, nothing that the guest makes of the error can harm it. (QEMU's and cloud-hypervisor's way
 * to report it, 2026.)
 */
public final class GuestSeesIll implements Scenario {
    @Override
    public String name() {
        return "guest-sees-ILL-instead-of-ATC_INV_SYNC";
    }

    @Override
    public String line() {
        return "a guest takes an ATC_INV that was not answered for an illegal command, and goes on";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("nic", "01:00.0");
        Guest guest = nic.forGuest().seesIllInsteadOfAtcInvSync();
        long page = guest.memory().map(0x5000);
        guest.map(0x1000, 0x5000);
        nic.warm(0x1000);
        nic.neverAnswersAtcInv();
        nic.writes(0x1000, 0xbad, 2);

        lab.cpu("cpu0", () -> {
            if (guest.unmap(0x1000)) {
                lab.write(page, 1);
                lab.sleep(1000);
                lab.check(lab.read(page) == 1, "what the guest put into the page is still there");
            }
        });
    }
}
