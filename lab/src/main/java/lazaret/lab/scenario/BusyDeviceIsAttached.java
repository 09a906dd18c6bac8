// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * A device that waits for nobody joins another one in a domain while a page of it is unmapped: as soon as
 * its STE lets it, it may ask for the translation, before the attach has returned; and it writes for longer
 * than all this takes.
 */
public final class BusyDeviceIsAttached implements Scenario {
    @Override
    public String line() {
        return "a device in the midst of DMA joins another one in a domain while a page of it is unmapped";
    }

    @Override
    public void stage(Lab lab) {
        Fn gpu = lab.endpoint("gpu", "01:00.0");
        Fn nic = lab.endpoint("nic", "02:00.0");
        Space space = lab.domain(gpu);
        space.map(0x1000);
        gpu.warm(0x1000).writes(0x1000, 0x600d, 1);
        nic.writes(0x1000, 0xbad, 3).after(50).writes(0x1000, 0xbad, 1);

        lab.cpu("cpu0", () -> lab.note("attach", nic.attach(space)));
        lab.cpu("cpu1", () -> lab.free(space.unmap(0x1000)));
    }
}
