// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * A device that does DMA is moved to another domain; then its old one gives back a page. Whatever the
 * device, the SMMU and the tables still know of the old domain must be gone by then. (J.-P. Brucker on
 * devices that stay on, July 2019; S. Kumar on context changes, July 2021.)
 */
public final class LeavesDomainBehind implements Scenario {
    @Override
    public String line() {
        return "a device is moved to another domain, then its old one unmaps a page that it "
                + "knows";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space first = lab.domain(nic);
        Space second = lab.domain();
        first.map(0x1000);
        second.map(0x1000);
        nic.warm(0x1000).writes(0x1000, 0xfee1, 3);

        lab.cpu("cpu0", () -> {
            lab.check(nic.replace(second).ok(), "the device can be moved");
            lab.free(first.unmap(0x1000));
        });
    }
}
