// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * One CPU with a store buffer, one healthy device, one unmap. Commands have to be in memory when the SMMU is
 * told of them, which no lock and no order of instructions sees to.
 */
public final class UnmapWithStoreBuffer implements Scenario {
    @Override
    public String line() {
        return "one unmap on a CPU whose stores may reach memory late and in another order";
    }

    @Override
    public void stage(Lab lab) {
        lab.storeBuffers(2);
        lab.errorInterruptMissing();
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space space = lab.domain(nic);
        space.map(0x1000);
        nic.warm(0x1000);

        lab.cpu("cpu0", () -> space.unmap(0x1000));
    }
}
