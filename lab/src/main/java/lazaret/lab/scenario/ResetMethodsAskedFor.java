// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * Somebody reads which reset methods a device has, as VFIO does whenever it opens one, while the device
 * does DMA and its user moves it. A question must not disturb. (N. Chen, May 2026: probing bracketed the
 * IOMMU.)
 */
public final class ResetMethodsAskedFor implements Scenario {
    @Override
    public String line() {
        return "somebody asks how a device can be reset while it is in use";
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
            lab.check(nic.replace(second).ok(), "the device can be moved");
            lab.check(nic.hasAts(), "the device has ATS");
        });
        lab.cpu("cpu1", () -> lab.check(nic.canBeReset(), "it has a reset method"));
    }
}
