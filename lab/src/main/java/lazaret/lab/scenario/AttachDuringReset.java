// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * While an operator resets a device, its user moves it to another domain and goes on working there. Inside
 * the reset that is refused; before and after it, it is not. (N. Chen's series on ATS and resets, June to
 * December 2025.)
 */
public final class AttachDuringReset implements Scenario {
    @Override
    public String line() {
        return "a user moves a device to another domain while an operator resets it";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space first = lab.domain(nic);
        Space second = lab.domain();
        first.map(0x1000);
        second.map(0x1000);
        nic.warm(0x1000).writes(0x1000, 0xfee1, 2);

        lab.cpu("cpu0", () -> {
            lab.check(nic.reset().ok(), "the FLR works");
            lab.check(nic.hasAts(), "the device has ATS again");
        });
        lab.cpu("cpu1", () -> {
            lab.note("replace", nic.replace(second));
            lab.free(first.unmap(0x1000));
            lab.free(second.unmap(0x1000));
        });
    }
}
