// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * A virtual machine's owner takes a group of two functions while the driver of one of them goes and another
 * one comes. Either the owner has the DMA of the group or kernel drivers have. (B. Lu and J. Gunthorpe, May
 * 2022.)
 */
public final class OwnerTakesGroup implements Scenario {
    @Override
    public String line() {
        return "somebody takes a group for a virtual machine while a kernel driver wants one "
                + "of its functions";
    }

    @Override
    public void stage(Lab lab) {
        Fn one = lab.endpoint("fn0", "01:00.0");
        Fn two = lab.sibling("fn1", "01:00.1", one);
        Space guest = lab.domain();
        guest.map(0x1000);
        one.unbind();
        two.unbind();

        lab.cpu("cpu0", () -> {
            if (one.claim("guest").ok()) {
                lab.check(one.attach(guest).ok(), "the owner can attach");
                lab.check(two.bind().failed(), "no kernel driver binds to what is owned");
                one.yields();
            }
        });
        lab.cpu("cpu1", () -> {
            if (two.bind().ok()) {
                lab.check(two.claim("guest").failed(), "nobody can own what a kernel driver uses");
                two.unbind();
            }
        });
    }
}
