// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Slot;
import lazaret.lab.Space;

/**
 * A device stops answering and is quarantined. Its link fails, and works again: hot plug removes what was
 * there and adds what is there, in the same place and with the same requester id. That one has nothing to do
 * with the old quarantine. (N. Chen, March 2026: the operator replugs.)
 */
public final class ReplugOfQuarantined implements Scenario {
    private static final long SECOND = 1_000_000;

    @Override
    public String line() {
        return "a quarantined device is plugged in again, and is as new";
    }

    @Override
    public void stage(Lab lab) {
        Slot slot = lab.slot("slot", 1).handled();
        Fn nic = slot.endpoint("nic", "01:00.0").hasCarefulDriver();
        Space space = lab.domain(nic);
        space.map(0x1000);
        space.map(0x2000);
        nic.warm(0x1000).neverAnswersAtcInv().writes(0x1000, 0xbad, 2);

        lab.cpu("cpu0", () -> {
            lab.free(space.unmap(0x1000));
            slot.linkFails();
            lab.sleep(3 * SECOND);
            slot.linkRecovers();
            if (nic.comesAgain(10 * SECOND)) {
                lab.check(nic.attach(space).ok(), "it can be attached");
                lab.check(nic.hasAts(), "it has ATS");
                lab.free(space.unmap(0x2000));
                lab.check(nic.hasAts(), "it answers");
            }
        });
    }
}
