// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * A physical function stops answering ATC invalidations and loses ATS; its virtual function, on the same
 * domain, answers and must keep it. (J.-P. Brucker, July 2019: ATS of a physical function and of its virtual
 * ones are on or off for each.)
 */
public final class PfAtsOffVfOn implements Scenario {
    @Override
    public String line() {
        return "a physical function is quarantined, its virtual function keeps ATS";
    }

    @Override
    public void stage(Lab lab) {
        Fn pf = lab.physicalFunction("pf", "01:00.0");
        Fn vf = lab.virtualFunction("vf", "01:00.1", pf);
        Space space = lab.domain(pf, vf);
        space.map(0x1000);
        space.map(0x2000);
        pf.warm(0x1000).neverAnswersAtcInv().writes(0x1000, 0xbad, 2);
        vf.warm(0x2000);

        lab.cpu("cpu0", () -> lab.free(space.unmap(0x1000)));
        lab.cpu("cpu1", () -> {
            lab.free(space.unmap(0x2000));
            lab.check(vf.hasAts(), "who answers keeps ATS");
        });
    }
}
