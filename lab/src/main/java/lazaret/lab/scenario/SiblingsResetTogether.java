// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * Two functions that share a group are reset at the same time by two operators. Each of them has to be
 * blocked as long as its own reset lasts, and back when it is over. (S. Xue and K. Tian, March 2026.)
 */
public final class SiblingsResetTogether implements Scenario {
    @Override
    public String line() {
        return "two functions of one group are reset at the same time";
    }

    @Override
    public void stage(Lab lab) {
        Fn one = lab.endpoint("fn0", "01:00.0");
        Fn two = lab.sibling("fn1", "01:00.1", one);
        Space space = lab.domain(one);
        space.map(0x1000);
        one.warm(0x1000);
        two.warm(0x1000);

        lab.cpu("cpu0", () -> {
            lab.check(one.reset().ok(), "the FLR of fn0 works");
            lab.check(one.hasAts(), "fn0 has ATS again");
        });
        lab.cpu("cpu1", () -> {
            lab.check(two.reset().ok(), "the FLR of fn1 works");
            lab.check(two.hasAts(), "fn1 has ATS again");
        });
    }
}
