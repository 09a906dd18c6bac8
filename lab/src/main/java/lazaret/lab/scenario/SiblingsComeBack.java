// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;

/**
 * Two functions of one device are taken out and found again, each by a CPU of its own. They share a group,
 * and with it one default domain. (A. Mhetre, August 2021; V. Jitta, January 2022.)
 */
public final class SiblingsComeBack implements Scenario {
    @Override
    public String line() {
        return "two functions of one group are taken out and found again by two CPUs";
    }

    @Override
    public void stage(Lab lab) {
        Fn one = lab.endpoint("fn0", "01:00.0");
        Fn two = lab.sibling("fn1", "01:00.1", one);

        lab.cpu("cpu0", () -> {
            one.released();
            lab.check(one.found().ok(), "fn0 is found again");
        });
        lab.cpu("cpu1", () -> {
            two.released();
            lab.check(two.found().ok(), "fn1 is found again");
        });
    }
}
