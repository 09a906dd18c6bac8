// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Guest;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;

/**
 * A guest's device does not answer and is fenced; the host resets it, and the guest, which knows of neither,
 * writes its stream table entry anew. What the guest writes during the reset is refused, as any other attach
 * would be; when the reset has worked the device is where the guest had it, with ATS if the guest wants it.
 */
public final class GuestWritesSteDuringReset implements Scenario {
    @Override
    public String line() {
        return "a guest writes its stream table entry while the host resets the device that it fenced";
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

        lab.cpu("cpu0", () -> {
            lab.free(guest.memory().unmap(0x5000));
            lab.check(nic.reset().ok(), "the FLR works");
        });
        lab.cpu("cpu1", () -> {
            lab.note("guest writes EATS=0", guest.usesAts(false));
            lab.note("guest writes EATS=1", guest.usesAts(true));
        });
    }
}
