// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Guest;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;

/**
 * The host takes a page from a guest whose device does not answer, and fences the device. The guest knows
 * nothing of that and writes its stream table entry anew, without ATS and then with it, as its driver would
 * when it resets something. The fence is the host's: what the guest says can take ATS away and never give it.
 * (ATS that guests switch on and off, as Linux lets them; what a fence is to that nobody has said.)
 */
public final class GuestLiftsHostFence implements Scenario {
    @Override
    public String line() {
        return "a guest writes EATS anew while the host fences its device";
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

        lab.cpu("cpu0", () -> lab.free(guest.memory().unmap(0x5000)));
        lab.cpu("cpu1", () -> {
            lab.note("guest writes EATS=0", guest.usesAts(false));
            lab.note("guest writes EATS=1", guest.usesAts(true));
        });
    }
}
