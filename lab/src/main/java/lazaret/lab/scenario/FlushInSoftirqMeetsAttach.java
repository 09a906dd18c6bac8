// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * The smallest form of {@link AttachStoresOverFence}: a soft interrupt comes upon an attach in the middle of
 * its work, flushes for the device being attached, and fences it. What the attach made up before it must not
 * store after.
 */
public final class FlushInSoftirqMeetsAttach implements Scenario {
    @Override
    public String line() {
        return "a soft interrupt flushes and fences in the middle of an attach of the same device";
    }

    @Override
    public void stage(Lab lab) {
        lab.errorInterruptMissing();
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space first = lab.domain(nic);
        Space second = lab.domain();
        first.map(0x1000);
        nic.warm(0x1000);
        nic.neverAnswersAtcInv();

        lab.cpu("cpu0", () -> lab.note("replace", nic.replace(second)));
        lab.softirq("cpu0", "rx", () -> first.unmap(0x1000));
    }
}
