// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * A page is unmapped from a domain to which a device is being attached. Either the flush sees the device, or
 * the device sees the cleared descriptor; with a store buffer and no barrier, neither. (W. Deacon's smp_mb,
 * August 2019.)
 */
public final class UnmapRacesWithAttach implements Scenario {
    @Override
    public String line() {
        return "a page is unmapped while a device is attached to its domain, on CPUs with store buffers";
    }

    @Override
    public void stage(Lab lab) {
        lab.storeBuffers(2);
        lab.errorInterruptMissing();
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space space = lab.domain();
        space.map(0x1000);
        nic.whenStarted().writes(0x1000, 0xbad, 2);

        lab.cpu("cpu0", () -> space.unmap(0x1000));
        lab.cpu("cpu1", () -> {
            lab.note("attach", nic.attach(space));
            nic.starts();
        });
    }
}
