// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Guest;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;

/**
 * Nothing is broken, and the guest has no use for ATS: what its device sends is translated as it comes. While
 * the host takes a page, the SMMU may walk the guest's tables once more, with what it remembers of stage 2,
 * and remember what both stages come to. None of that may be left when the host's flush returns.
 */
public final class GuestWalksDuringFlush implements Scenario {
    @Override
    public String line() {
        return "the host takes a page from a guest without ATS while the SMMU walks both stages";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("nic", "01:00.0");
        Guest guest = nic.forGuest();
        guest.memory().map(0x5000);
        guest.map(0x1000, 0x5000);
        lab.note("guest writes EATS=0", guest.usesAts(false));
        nic.warm(0x1000);
        nic.writes(0x1000, 0xbad, 2);

        lab.cpu("cpu0", () -> lab.free(guest.memory().unmap(0x5000)));
    }
}
