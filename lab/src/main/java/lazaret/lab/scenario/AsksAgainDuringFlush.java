// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * A healthy device drops its translation as told and at once asks for it again, while the flush is still
 * under way. If the TLB has not been invalidated by then, it gets the old one back. (W. Deacon's fix of the
 * unmap path, August 2019.)
 */
public final class AsksAgainDuringFlush implements Scenario {
    @Override
    public String line() {
        return "a healthy device asks for its translation again as soon as it was told to drop it";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space space = lab.domain(nic);
        space.map(0x1000);
        nic.warm(0x1000);
        nic.writes(0x1000, 0x600d, 4);

        lab.cpu("cpu0", () -> lab.free(space.unmap(0x1000)));
    }
}
