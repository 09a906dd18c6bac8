// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Process;
import lazaret.lab.Scenario;

/**
 * A device asks for a page of a process while it is unbound from it and the process ends. Whoever handles the
 * request has looked up the domain before it went. (Fault queues drained at detach, B. Lu, 2024.)
 */
public final class PageRequestDuringUnbind implements Scenario {
    @Override
    public String line() {
        return "a device asks for a page of a process while it is unbound and the process ends";
    }

    @Override
    public void stage(Lab lab) {
        lab.pasids(3);
        lab.pageRequests(3);
        Fn gpu = lab.endpoint("gpu", "01:00.0");
        Process process = lab.process("mm").grows(0x5000, 2);
        lab.check(gpu.bind(process).ok(), "bind");
        gpu.pasid(process.pasid()).writes(0x5000, 0xfee1, 1).writes(0x6000, 0xfee2, 1);

        lab.cpu("cpu0", () -> {
            gpu.unbind(process);
            process.exits();
        });
    }
}
