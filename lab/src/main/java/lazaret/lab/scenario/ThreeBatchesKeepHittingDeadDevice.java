// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * One dead device, flush after flush: each costs another time-out unless the device is muted, under load for
 * hours. (N. Chen's log of 5 March 2026: an error line every four commands.)
 */
public final class ThreeBatchesKeepHittingDeadDevice implements Scenario {
    @Override
    public String line() {
        return "three flushes in a row and one beside them meet the same dead device; it may cost one "
                + "time-out, not four";
    }

    @Override
    public void stage(Lab lab) {
        Fn dead = lab.endpoint("dead", "01:00.0");
        Fn good = lab.endpoint("good", "02:00.0");
        Space space = lab.domain(dead, good);
        for (long iova = 0x1000; iova <= 0x4000; iova += 0x1000) {
            space.map(iova);
            dead.warm(iova);
        }
        dead.neverAnswersAtcInv();
        dead.writes(0x2000, 0xbad, 1);
        dead.writes(0x4000, 0xbad, 1);

        lab.cpu("cpu0", () -> {
            lab.free(space.unmap(0x1000));
            lab.free(space.unmap(0x2000));
            lab.free(space.unmap(0x3000));
            lab.check(good.hasAts(), "the healthy neighbour has ATS");
        });
        lab.cpu("cpu1", () -> lab.free(space.unmap(0x4000)));
    }
}
