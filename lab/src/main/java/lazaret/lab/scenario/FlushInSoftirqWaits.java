// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * A soft interrupt flushes for a healthy device. Its CPU may be dealing with a dead one underneath; while it
 * is, no answer can be relied on, and whoever waited for the end of that on top of it would wait for ever.
 */
public final class FlushInSoftirqWaits implements Scenario {
    @Override
    public String line() {
        return "a soft interrupt flushes for a healthy device on the CPU that isolates a dead one";
    }

    @Override
    public void stage(Lab lab) {
        lab.errorInterruptMissing();
        Fn dead = lab.endpoint("dead", "01:00.0");
        Fn good = lab.endpoint("good", "02:00.0");
        Space first = lab.domain(dead);
        Space second = lab.domain(good);
        first.map(0x1000);
        second.map(0x5000);
        dead.warm(0x1000);
        good.warm(0x5000);
        dead.neverAnswersAtcInv();

        lab.cpu("cpu0", () -> {
            first.unmap(0x1000);
            lab.check(good.hasAts(), "the healthy device has ATS");
        });
        lab.softirq("cpu0", "rx", () -> second.unmap(0x5000));
    }
}
