// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * An operator resets a physical function while the domain of its virtual one is flushed. The reset takes the
 * virtual function with it, and is announced for the physical one alone: what the flush asks is not answered,
 * and contained. The driver of the virtual function resets it when it is back. (The second corner case of
 * "Disable ATS via iommu during PCI resets", v6 to v8, 2025.)
 */
public final class PfResetWhileVfRuns implements Scenario {
    @Override
    public String line() {
        return "a reset of the physical function takes the virtual one away while its domain is flushed";
    }

    @Override
    public void stage(Lab lab) {
        Fn pf = lab.physicalFunction("pf", "01:00.0");
        Fn vf = lab.virtualFunction("vf", "01:00.1", pf);
        Space own = lab.domain(pf);
        Space space = lab.domain(vf);
        own.map(0x1000);
        space.map(0x1000);
        space.map(0x2000);
        vf.warm(0x1000).writes(0x1000, 0xbad, 2);

        lab.cpu("cpu0", () -> lab.free(space.unmap(0x1000)));
        lab.cpu("cpu1", () -> {
            lab.check(pf.reset().ok(), "the physical function can be reset");
            lab.check(pf.hasAts(), "the physical function has ATS");
            lab.check(vf.reset().ok(), "the virtual function can be reset");
            lab.free(space.unmap(0x2000));
            lab.check(vf.hasAts(), "the virtual function has ATS, and answers");
        });
    }
}
