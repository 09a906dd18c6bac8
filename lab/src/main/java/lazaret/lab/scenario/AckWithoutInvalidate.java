// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;
import lazaret.lab.oracle.Property;

/**
 * A device answers in time and keeps the translation: the Intel IPU E2000 before stepping C0 read the
 * invalidation's body in the wrong byte order. No time-out, no log line, nothing a driver could see. (B.
 * Pawlowski, September 2023.)
 */
public final class AckWithoutInvalidate implements Scenario {
    @Override
    public String line() {
        return "a device acknowledges ATC invalidations and keeps the translation; nothing in software can "
                + "see it";
    }

    @Override
    public void stage(Lab lab) {
        lab.beyond(Property.P1, "the device answered; only a quirk that keeps ATS off for it would help.");
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space space = lab.domain(nic);
        space.map(0x1000);
        nic.warm(0x1000);
        nic.acksWithoutInvalidate();
        nic.writes(0x1000, 0xbad, 2);

        lab.cpu("cpu0", () -> lab.free(space.unmap(0x1000)));
    }
}
