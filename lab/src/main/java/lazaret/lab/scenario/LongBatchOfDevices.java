// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * A flush has more ATC_INVs than one insertion may hold. If only the last insertion ends with a SYNC, the
 * time-out of a device in an earlier one is reported at whichever SYNC comes next, on another CPU. (R. Murphy
 * and J. Gunthorpe, 6 March 2026.)
 */
public final class LongBatchOfDevices implements Scenario {
    @Override
    public String line() {
        return "three devices, two commands an insertion: the dead one is in the first, another CPU's SYNC "
                + "may come between";
    }

    @Override
    public void stage(Lab lab) {
        lab.commandsAtOnce(2);
        Fn dead = lab.endpoint("dead", "01:00.0");
        Fn good = lab.endpoint("good", "02:00.0");
        Fn last = lab.endpoint("last", "03:00.0");
        Fn other = lab.endpoint("other", "04:00.0");
        Space shared = lab.domain(dead, good, last);
        Space alone = lab.domain(other);
        shared.map(0x1000);
        alone.map(0x5000);
        dead.warm(0x1000);
        dead.neverAnswersAtcInv();
        dead.writes(0x1000, 0xbad, 1);

        lab.cpu("cpu0", () -> lab.free(shared.unmap(0x1000)));
        lab.cpu("cpu1", () -> lab.free(alone.unmap(0x5000)));
    }
}
