// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Guest;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;

/**
 * A guest unmaps something of its own, and its device does not answer the ATC_INV that the host sends for it.
 * The error belongs to the guest, and the device to the host: it is fenced before the guest is told that its
 * command failed, so that the page which the host takes from the guest meanwhile is safe, and so is the
 * guest's, whatever it makes of the error. A healthy device of somebody else keeps its ATS. (N. Chen, August
 * 2026: which commands of a guest failed, and who contains it.)
 */
public final class GuestInvalidationTimesOut implements Scenario {
    @Override
    public String line() {
        return "a device does not answer its guest's ATC_INV; the host takes a page of the guest meanwhile";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("nic", "01:00.0");
        Fn gpu = lab.endpoint("gpu", "02:00.0");
        Guest guest = nic.forGuest();
        guest.memory().map(0x5000);
        guest.memory().map(0x6000);
        guest.map(0x1000, 0x5000);
        guest.map(0x2000, 0x6000);
        nic.warm(0x1000).warm(0x2000);
        nic.neverAnswersAtcInv();
        nic.writes(0x1000, 0xbad, 1).writes(0x2000, 0xbad, 1);

        lab.cpu("cpu0", () -> {
            boolean done = guest.unmap(0x1000);
            lab.check(!done, "the guest learns that its device did not answer");
            lab.check(gpu.hasAts(), "the healthy device has ATS");
        });
        lab.cpu("cpu1", () -> lab.free(guest.memory().unmap(0x6000)));
    }
}
