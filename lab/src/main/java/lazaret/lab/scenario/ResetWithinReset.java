// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * The reset of a device contains an FLR, after which its firmware starts and listens to nobody for a while.
 * The core is told of both, and only when the outer one is over may anything be sent to the device. (S. Xue,
 * March 2026.)
 */
public final class ResetWithinReset implements Scenario {
    /** More than the 100 ms that hardware takes. */
    private static final long FIRMWARE_US = 150_000;

    @Override
    public String line() {
        return "a reset that contains an FLR meets a flush";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("nic", "01:00.0").startsFirmwareAfterFlr(FIRMWARE_US);
        Space space = lab.domain(nic);
        space.map(0x1000);
        nic.warm(0x1000);

        lab.cpu("cpu0", () -> lab.free(space.unmap(0x1000)));
        lab.cpu("cpu1", () -> {
            lab.check(nic.reset().ok(), "the reset works");
            lab.check(nic.hasAts(), "the device has ATS again");
        });
    }
}
