// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Process;
import lazaret.lab.Scenario;

/**
 * A process ends while a device still works on its memory; the file through which it was bound is closed
 * later. A second process is bound to the same device meanwhile. (F. Yu and Z. Gao, April 2022: the PASID
 * went with the process, not with its last user.)
 */
public final class ProcessExitsBeforeUnbind implements Scenario {
    @Override
    public String line() {
        return "a process ends before its device is unbound, and another process is bound to the device";
    }

    @Override
    public void stage(Lab lab) {
        lab.pasids(3);
        Fn gpu = lab.endpoint("gpu", "01:00.0");
        Process first = lab.process("mm1");
        Process second = lab.process("mm2");
        lab.check(gpu.bind(first).ok(), "bind");
        first.map(0x1000);
        second.map(0x1000);
        gpu.pasid(first.pasid()).warm(0x1000).writes(0x1000, 0xfee1, 2);

        lab.cpu("cpu0", () -> {
            first.exits();
            lab.check(gpu.bind(second).ok(), "the other process is bound");
        });
        lab.cpu("cpu1", () -> gpu.unbind(first));
    }
}
