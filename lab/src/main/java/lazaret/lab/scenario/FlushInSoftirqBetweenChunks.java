// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * The smallest form of {@link ErrorAtAnothersSync}: the SYNC that may come between two insertions of a flush
 * is that of a soft interrupt on the same CPU.
 */
public final class FlushInSoftirqBetweenChunks implements Scenario {
    @Override
    public String line() {
        return "a soft interrupt flushes between the two insertions of a flush on its CPU";
    }

    @Override
    public void stage(Lab lab) {
        lab.errorInterruptMissing();
        lab.commandsAtOnce(1);
        Fn dead = lab.endpoint("dead", "01:00.0");
        Fn good = lab.endpoint("good", "02:00.0");
        Fn other = lab.endpoint("other", "03:00.0");
        Space shared = lab.domain(dead, good);
        Space alone = lab.domain(other);
        shared.map(0x1000);
        alone.map(0x5000);
        dead.warm(0x1000);
        dead.neverAnswersAtcInv();
        dead.writes(0x1000, 0xbad, 1);

        lab.cpu("cpu0", () -> shared.unmap(0x1000));
        lab.softirq("cpu0", "rx", () -> alone.unmap(0x5000));
    }
}
