// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * A flush clears EATS in the STE of a dead device while an attach to another domain is writing the same
 * word. Whoever stores last wins, unless the attach looks at the fence. (N. Chen's step 5, May 2026, and
 * the surgical store against every writer.)
 */
public final class AttachStoresOverFence implements Scenario {
    @Override
    public String line() {
        return "one dead device: a flush clears its EATS while an attach stores the word it "
                + "made up before";
    }

    @Override
    public void stage(Lab lab) {
        lab.errorInterruptMissing();
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space first = lab.domain(nic);
        Space second = lab.domain();
        first.map(0x1000);
        nic.warm(0x1000);
        nic.neverAnswersAtcInv();
        nic.writes(0x1000, 0xbad, 1);

        lab.cpu("cpu0", () -> lab.free(first.unmap(0x1000)));
        lab.cpu("cpu1", () -> lab.note("replace", nic.replace(second)));
    }
}
