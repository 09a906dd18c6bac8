// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * One flush, one dead device; the interrupt on another CPU handles the error. Once it is acknowledged the
 * SYNC may complete and the issuer look whether it was its own, before that is noted. (The window between
 * writing GERRORN and recording the error.)
 */
public final class ErrorHandledByInterrupt implements Scenario {
    @Override
    public String line() {
        return "one CPU waits for the SYNC that fails while another one handles the error interrupt";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space space = lab.domain(nic);
        space.map(0x1000);
        nic.warm(0x1000);
        nic.neverAnswersAtcInv();
        nic.writes(0x1000, 0xbad, 1);

        lab.cpu("cpu0", () -> lab.free(space.unmap(0x1000)));
    }
}
