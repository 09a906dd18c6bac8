// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Process;
import lazaret.lab.Scenario;

/**
 * A device works on the memory of a process and is reset, while the process gives a page back. The process
 * knows of no reset: what it tells the IOMMU comes at any moment. (What the reset blocking is for, RFC 2025.)
 */
public final class ProcessUnmapsDuringReset implements Scenario {
    @Override
    public String line() {
        return "a device is reset while the process whose memory it shares gives a page back";
    }

    @Override
    public void stage(Lab lab) {
        lab.pasids(3);
        Fn gpu = lab.endpoint("gpu", "01:00.0");
        Process process = lab.process("mm");
        lab.check(gpu.bind(process).ok(), "bind");
        process.map(0x1000);
        process.map(0x2000);
        gpu.pasid(process.pasid()).warm(0x1000).writes(0x1000, 0xfee1, 2).reads(0x2000, 1);

        lab.cpu("cpu0", () -> process.unmap(0x1000));
        lab.cpu("cpu1", () -> lab.check(gpu.reset().ok(), "the FLR works"));
    }
}
