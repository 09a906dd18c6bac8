// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * A device is being reset when its user detaches it and frees the domain. A detach cannot fail: if it is
 * refused because of the reset, the end of the reset attaches the device to a domain that was freed.
 * (CVE-2026-52952.)
 */
public final class DetachDuringReset implements Scenario {
    @Override
    public String line() {
        return "a user detaches a device and frees the domain while the device is being reset";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space space = lab.domain(nic);
        nic.neverAnswersAtcInv();

        lab.cpu("cpu0", () -> lab.note("reset", nic.reset()));
        lab.cpu("cpu1", () -> {
            nic.detach();
            space.free();
        });
    }
}
