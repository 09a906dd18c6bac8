// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Process;
import lazaret.lab.Scenario;

/**
 * A device that shares the memory of a process dies, and the process gives pages back on two CPUs: one in the
 * middle of its work, the other one as it unbinds. (R130: notifiers are what meets a dead device first.)
 */
public final class ProcessOfDeadDevice implements Scenario {
    @Override
    public String line() {
        return "a device that shares the memory of a process dies while the process gives pages back";
    }

    @Override
    public void stage(Lab lab) {
        lab.pasids(3);
        Fn gpu = lab.endpoint("gpu", "01:00.0");
        Process process = lab.process("mm");
        lab.check(gpu.bind(process).ok(), "bind");
        process.map(0x1000);
        process.map(0x2000);
        gpu.pasid(process.pasid()).warm(0x1000).warm(0x2000)
                .writes(0x1000, 0xbad1, 1).writes(0x2000, 0xbad2, 1);
        gpu.neverAnswersAtcInv();

        lab.cpu("cpu0", () -> process.unmap(0x1000));
        lab.cpu("cpu1", () -> {
            gpu.unbind(process);
            process.unmap(0x2000);
        });
    }
}
