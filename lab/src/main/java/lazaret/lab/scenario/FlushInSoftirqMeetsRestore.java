// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * The smallest form of {@link RestoreOverwritesNewerQuarantine}: a soft interrupt comes upon the end of a
 * reset that is about to restore the device, finds that it still does not answer, and fences it.
 */
public final class FlushInSoftirqMeetsRestore implements Scenario {
    @Override
    public String line() {
        return "a soft interrupt fences a device in the middle of the end of its reset";
    }

    @Override
    public void stage(Lab lab) {
        lab.errorInterruptMissing();
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space space = lab.domain(nic);
        space.map(0x1000);
        nic.warm(0x1000);
        nic.neverAnswersAtcInv();
        nic.staysBroken();

        lab.cpu("cpu0", () -> lab.note("reset", nic.reset()));
        lab.softirq("cpu0", "rx", () -> space.unmap(0x1000));
    }
}
