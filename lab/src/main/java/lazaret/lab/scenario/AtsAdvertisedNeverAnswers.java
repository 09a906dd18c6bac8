// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * A device says that it has ATS and never answers an invalidation, before and after every reset. (RK3588 as
 * an endpoint, March 2025.)
 */
public final class AtsAdvertisedNeverAnswers implements Scenario {
    @Override
    public String line() {
        return "a device advertises ATS and never answers an invalidation, whatever is reset";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space space = lab.domain(nic);
        space.map(0x1000);
        space.map(0x2000);
        nic.warm(0x1000).warm(0x2000).neverAnswersAtcInv().staysBroken().writes(0x1000, 0xbad, 2);

        lab.cpu("cpu0", () -> {
            lab.free(space.unmap(0x1000));
            lab.note("reset", nic.reset());
            lab.free(space.unmap(0x2000));
        });
    }
}
