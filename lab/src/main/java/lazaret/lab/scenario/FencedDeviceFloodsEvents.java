// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * A device that was fenced goes on with the translations it kept, as fast as it can. Each try is refused, and
 * is an event: servers went down printing them. (J.-P. Brucker, February 2020; Zhou G., January 2022.)
 */
public final class FencedDeviceFloodsEvents implements Scenario {
    @Override
    public String line() {
        return "a fenced device goes on writing with what it kept: an event each time";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space space = lab.domain(nic);
        space.map(0x1000);
        nic.warm(0x1000);
        nic.neverAnswersAtcInv();
        nic.after(300_000).writes(0x1000, 0xbad, 30);

        lab.cpu("cpu0", () -> lab.free(space.unmap(0x1000)));
    }
}
