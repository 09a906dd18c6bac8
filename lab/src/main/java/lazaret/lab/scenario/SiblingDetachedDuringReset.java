// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * One of two functions of a group is being reset while the group leaves its domain, which is freed. The
 * other one is not in a reset: it has to leave too. (K. Tian and J. Gunthorpe, April 2026: a question about
 * the group answers nothing about a device.)
 */
public final class SiblingDetachedDuringReset implements Scenario {
    @Override
    public String line() {
        return "a group leaves its domain, which is freed, while one of its two functions is reset";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("fn0", "01:00.0");
        lab.sibling("fn1", "01:00.1", nic);
        Space space = lab.domain(nic);

        lab.cpu("cpu0", () -> lab.note("reset", nic.reset()));
        lab.cpu("cpu1", () -> {
            nic.detach();
            space.free();
        });
    }
}
