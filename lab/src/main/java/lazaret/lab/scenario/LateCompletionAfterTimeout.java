// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * A device answers its ATC invalidations, but after the root gave up on them; by then the ITag may belong to
 * a newer request. PCIe lets a device take a minute and a half, roots time out earlier. (S. Khawaja and R.
 * Murphy on time-outs that are too short.)
 */
public final class LateCompletionAfterTimeout implements Scenario {
    @Override
    public String line() {
        return "a device answers ATC invalidations after the root's time-out, when the ITag may be in use "
                + "again";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space space = lab.domain(nic);
        space.map(0x1000);
        space.map(0x2000);
        nic.warm(0x1000);
        nic.warm(0x2000);
        nic.answersAtcInvAfter(lab.atcTimeoutUs() + lab.atcTimeoutUs() / 2);
        nic.writes(0x1000, 0xbad, 1);
        nic.writes(0x2000, 0xbad, 1);

        lab.cpu("cpu0", () -> lab.free(space.unmap(0x1000)));
        lab.cpu("cpu1", () -> lab.free(space.unmap(0x2000)));
    }
}
