// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * A flush finds a device dead; before anybody has acted on what it reports, the device is taken out, and its
 * group and all that hangs on it is freed. (N. Chen's v4, May 2026, and the advice to keep the work with the
 * device.)
 */
public final class ReportedThenUnplugged implements Scenario {
    @Override
    public String line() {
        return "a device that a flush found dead is taken out before anybody has acted on the report";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space space = lab.domain(nic);
        space.map(0x1000);
        nic.warm(0x1000).neverAnswersAtcInv();

        lab.cpu("cpu0", () -> {
            lab.free(space.unmap(0x1000));
            nic.detach();
            nic.released();
            space.free();
        });
    }
}
