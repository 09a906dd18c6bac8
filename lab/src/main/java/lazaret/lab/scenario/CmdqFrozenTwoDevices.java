// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Slot;
import lazaret.lab.Space;
import lazaret.lab.oracle.Property;

/**
 * The command queue stands still while a page of one device is unmapped, and belongs to the page cache
 * afterwards. Another device, below another port, has nothing to do with it and shares the SMMU. Shows what
 * each answer to {@code escalate} costs.
 */
public final class CmdqFrozenTwoDevices implements Scenario {
    @Override
    public String line() {
        return "the command queue stops without an error; another device of the SMMU is fine and wants to"
                + " stay";
    }

    @Override
    public void stage(Lab lab) {
        lab.beyondWithoutEscalation(Property.P1, CmdqFrozenNoCerror.WHY);
        lab.beyondWithoutEscalation(Property.P2, CmdqFrozenNoCerror.WHY);
        lab.commandQueueFreezes();
        Slot left = lab.slot("left", 1);
        Slot right = lab.slot("right", 2);
        Fn nic = left.endpoint("nic", "01:00.0");
        Fn gpu = right.endpoint("gpu", "02:00.0");
        Space one = lab.domain(nic);
        Space other = lab.domain(gpu);
        one.map(0x1000);
        other.map(0x5000);
        nic.warm(0x1000).writes(0x1000, 0xbad, 2);
        gpu.warm(0x5000).writes(0x5000, 0xfee1, 1);

        lab.cpu("cpu0", () -> {
            lab.free(one.unmap(0x1000));
            lab.page("page cache");
            lab.check(gpu.hasAts(), "the device that has nothing to do with it has ATS");
        });
    }
}
