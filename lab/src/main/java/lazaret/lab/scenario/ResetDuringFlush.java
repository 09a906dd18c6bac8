// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * One of two healthy devices is reset while another CPU flushes their domain. Once the reset was announced
 * nobody may ask the device to forget anything: it would not answer. (N. Chen and J. Gunthorpe on the lock of
 * the invalidation array, September 2025.)
 */
public final class ResetDuringFlush implements Scenario {
    @Override
    public String line() {
        return "one of two healthy devices is reset while another CPU flushes their domain";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("nic", "01:00.0");
        Fn gpu = lab.endpoint("gpu", "02:00.0");
        Space space = lab.domain(nic, gpu);
        space.map(0x1000);
        nic.warm(0x1000).writes(0x1000, 0xfee1, 2);

        lab.cpu("cpu0", () -> lab.free(space.unmap(0x1000)));
        lab.cpu("cpu1", () -> {
            lab.check(nic.reset().ok(), "the FLR works");
            lab.check(nic.hasAts(), "the device has ATS again");
        });
    }
}
