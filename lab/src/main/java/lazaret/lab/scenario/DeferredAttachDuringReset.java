// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.kernel.Errno;
import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * A kernel that starts after a crash attaches a device when its driver first maps. An operator resets the
 * device just then. Inside the reset the mapping fails; before it the device is attached by it, and after it
 * by the end of the reset. (N. Chen's series on ATS and resets, December 2025.)
 */
public final class DeferredAttachDuringReset implements Scenario {
    @Override
    public String line() {
        return "after a crash a device is attached by its first mapping, while an operator resets it";
    }

    @Override
    public void stage(Lab lab) {
        lab.startsAfterCrash();
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space home = nic.home();

        lab.cpu("cpu0", () -> {
            lab.check(nic.reset().ok(), "the FLR works");
            lab.check(nic.hasAts(), "the device has ATS");
        });
        lab.cpu("cpu1", () -> {
            Errno err = nic.firstMaps();
            lab.check(err.ok() || err == Errno.EBUSY, "attached, or refused for the reset");
            home.map(0x1000);
            lab.free(home.unmap(0x1000));
        });
    }
}
