// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Guest;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;

/**
 * Nothing is broken. The host takes a page from a guest whose device has a translation of it, under an
 * address that the host does not know, and the SMMU one that was made from both stages. The guest is busy
 * with its own flush and with its stream table meanwhile. When the host's flush returns nobody may reach the
 * page by any of them.
 */
public final class HostTakesPageOfGuest implements Scenario {
    @Override
    public String line() {
        return "the host takes a page from a guest with a healthy device, which the guest flushes too";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("nic", "01:00.0");
        Guest guest = nic.forGuest();
        guest.memory().map(0x5000);
        guest.memory().map(0x6000);
        guest.map(0x1000, 0x5000);
        guest.map(0x2000, 0x6000);
        nic.warm(0x1000).warm(0x2000);
        nic.writes(0x1000, 0xbad, 2).writes(0x2000, 0xbad, 1);

        lab.cpu("cpu0", () -> lab.free(guest.memory().unmap(0x5000)));
        lab.cpu("cpu1", () -> {
            lab.check(guest.unmap(0x2000), "a healthy device answers its guest");
            lab.note("guest writes EATS=0", guest.usesAts(false));
        });
    }
}
