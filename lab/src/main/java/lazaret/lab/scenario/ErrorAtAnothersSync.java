// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * A flush asks a dead device and a good one by two insertions. If the first does not end with a SYNC of
 * its own, the SYNC of another CPU may come between, and the error of the dead device is reported there.
 * (R. Murphy, 6 March 2026.)
 */
public final class ErrorAtAnothersSync implements Scenario {
    @Override
    public String line() {
        return "two insertions of one command each: the time-out of the first may surface at "
                + "the SYNC of another CPU";
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

        lab.cpu("cpu0", () -> lab.free(shared.unmap(0x1000)));
        lab.cpu("cpu1", () -> lab.free(alone.unmap(0x5000)));
    }
}
