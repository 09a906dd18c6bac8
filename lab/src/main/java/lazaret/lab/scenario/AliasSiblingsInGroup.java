// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * Two functions of one device share a group. One stops answering invalidations; the other one is healthy
 * and keeps writing through the same domain.
 */
public final class AliasSiblingsInGroup implements Scenario {
    @Override
    public String line() {
        return "one of two functions that share a group never answers, the other one keeps writing";
    }

    @Override
    public void stage(Lab lab) {
        Fn dead = lab.endpoint("fn0", "01:00.0");
        Fn sound = lab.sibling("fn1", "01:00.1", dead);
        Space space = lab.domain(dead);
        space.map(0x1000);
        space.map(0x2000);
        dead.warm(0x1000).neverAnswersAtcInv().writes(0x1000, 0xbad, 2);
        sound.warm(0x1000).warm(0x2000).writes(0x1000, 0xfee1, 2);

        lab.cpu("cpu0", () -> {
            lab.free(space.unmap(0x1000));
            lab.note("reset", dead.reset());
            lab.free(space.unmap(0x2000));
        });
    }
}
