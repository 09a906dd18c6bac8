// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;
import lazaret.lab.oracle.Property;

/**
 * The SMMU itself enters service failure mode, before, during or after a flush. Nothing gets past it any
 * more, so nothing can go wrong in memory; but no command is executed either, and whoever waits for one
 * must come to an end.
 */
public final class SmmuFailsDuringFlush implements Scenario {
    @Override
    public String line() {
        return "the SMMU enters service failure mode around a flush";
    }

    @Override
    public void stage(Lab lab) {
        lab.beyond(Property.P13, "the reset of a device does not mend an SMMU.");
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space space = lab.domain(nic);
        space.map(0x1000);
        nic.warm(0x1000).writes(0x1000, 0xbad, 2);

        lab.cpu("cpu0", () -> lab.free(space.unmap(0x1000)));
        lab.cpu("cpu1", lab::smmuFails);
    }
}
