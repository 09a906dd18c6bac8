// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * A virtual function stops answering and is quarantined by a flush, while an operator switches virtual
 * functions off: it is removed, however far the flush has come. Switched on again it is as new. (Q. Cai, July
 * 2020: the removal of a virtual function; requirement: it completes although the function does not answer.)
 */
public final class VfRemovedWhileQuarantined implements Scenario {
    @Override
    public String line() {
        return "a virtual function is removed while a flush quarantines it, and comes again";
    }

    @Override
    public void stage(Lab lab) {
        Fn pf = lab.physicalFunction("pf", "01:00.0");
        Fn vf = lab.virtualFunction("vf", "01:00.1", pf);
        Space space = lab.domain(vf);
        space.map(0x1000);
        space.map(0x2000);
        vf.warm(0x1000).neverAnswersAtcInv().writes(0x1000, 0xbad, 2);

        lab.cpu("cpu0", () -> lab.free(space.unmap(0x1000)));
        lab.cpu("cpu1", () -> {
            pf.disablesVirtual();
            if (pf.enablesVirtual().failed()) {
                lab.check(false, "it comes again");
                return;
            }
            lab.check(vf.attach(space).ok(), "it can be attached");
            lab.check(vf.hasAts(), "it has ATS again");
            lab.free(space.unmap(0x2000));
            lab.check(vf.hasAts(), "it answers");
        });
    }
}
