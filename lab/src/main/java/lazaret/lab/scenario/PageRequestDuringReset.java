// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Process;
import lazaret.lab.Scenario;

/**
 * A device asks for pages of a process and is reset while the process ends. Before the reset may begin, what
 * the device asked for has been answered, and afterwards it is back on a process that has gone.
 */
public final class PageRequestDuringReset implements Scenario {
    @Override
    public String line() {
        return "a device asks for pages of a process and is reset while the process ends";
    }

    @Override
    public void stage(Lab lab) {
        lab.pasids(3);
        lab.pageRequests(3);
        Fn gpu = lab.endpoint("gpu", "01:00.0");
        Process process = lab.process("mm").grows(0x5000, 2);
        lab.check(gpu.bind(process).ok(), "bind");
        gpu.pasid(process.pasid()).writes(0x5000, 0xfee1, 1).writes(0x6000, 0xfee2, 1);

        lab.cpu("cpu0", () -> lab.check(gpu.reset().ok(), "the FLR works"));
        lab.cpu("cpu1", process::exits);
    }
}
