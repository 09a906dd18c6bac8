// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * The operator's way back, which J. Gunthorpe asked to work at the least (6 March 2026): unbind the driver of
 * a quarantined device, reset it, bind again. Meanwhile another CPU goes on unmapping in the same domain.
 */
public final class RmmodFlrInsmodRestores implements Scenario {
    @Override
    public String line() {
        return "unbind, FLR and bind bring a quarantined device back while its old domain goes on flushing";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("nic", "01:00.0");
        Fn gpu = lab.endpoint("gpu", "02:00.0");
        Space space = lab.domain(nic, gpu);
        space.map(0x1000);
        space.map(0x2000);
        space.map(0x3000);
        nic.warm(0x1000);
        nic.warm(0x2000);
        gpu.warm(0x2000);
        nic.neverAnswersAtcInv();
        nic.writes(0x1000, 0xbad, 1);
        nic.writes(0x3000, 0x600d, 1);

        lab.cpu("cpu0", () -> {
            lab.free(space.unmap(0x1000));
            lab.free(space.unmap(0x2000));
        });
        lab.cpu("cpu1", () -> {
            nic.detach();
            nic.unbind();
            lab.check(nic.reset().ok(), "the FLR works");
            lab.check(nic.bind().ok(), "the driver can be bound again");
            lab.check(nic.attach(space).ok(), "the device can be attached again");
            lab.check(nic.hasAts(), "the device has ATS again");
        });
    }
}
