// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * A device is put into a machine whose IOMMU group it shares with one that is being reset, while a CPU
 * flushes the domain of the group. The newcomer gets that domain at once; when the other one comes back, both
 * have it. (K. Tian, 14 November 2025.)
 */
public final class HotAddIntoRecovery implements Scenario {
    @Override
    public String line() {
        return "a device joins the group of another one that is in a reset";
    }

    @Override
    public void stage(Lab lab) {
        Fn gpu = lab.endpoint("gpu", "01:00.0");
        Fn nic = lab.sibling("nic", "02:00.0", gpu);
        Space space = lab.domain(gpu);
        space.map(0x1000);
        space.map(0x2000);
        nic.released();
        gpu.warm(0x1000).writes(0x1000, 0xfee1, 2);

        lab.cpu("cpu0", () -> lab.note("reset of the gpu", gpu.reset()));
        lab.cpu("cpu1", () -> {
            lab.check(nic.found().ok(), "the newcomer is found");
            lab.check(nic.hasAts(), "the newcomer has ATS");
        });
        lab.cpu("cpu2", () -> lab.free(space.unmap(0x1000)));
    }
}
