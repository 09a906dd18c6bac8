// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * The driver stops waiting for a SYNC after a second, the root gives a device two and a half. No error has
 * been raised when the poll limit expires, and the fence has to queue up behind the SYNC that is stuck. (S.
 * Khawaja, 6 March 2026.)
 */
public final class SoftwareLimitFirst implements Scenario {
    private static final long HARDWARE_LIMIT_US = 2_500_000;

    @Override
    public String line() {
        return "the driver's poll limit expires long before the root's time-out: no answer is not a good "
                + "answer";
    }

    @Override
    public void stage(Lab lab) {
        lab.atcTimeoutUs(HARDWARE_LIMIT_US);
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space space = lab.domain(nic);
        space.map(0x1000);
        nic.warm(0x1000);
        nic.neverAnswersAtcInv();
        nic.writes(0x1000, 0xbad, 2);

        lab.cpu("cpu0", () -> lab.free(space.unmap(0x1000)));
    }
}
