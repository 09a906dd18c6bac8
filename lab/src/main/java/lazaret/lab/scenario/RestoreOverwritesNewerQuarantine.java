// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * An operator resets a device that stays broken, while a flush on another CPU finds that out once more:
 * after the FLR, when the domain asks the device again, and before the restore has stored its STE. What
 * ends the reset must not lift that newer fence.
 */
public final class RestoreOverwritesNewerQuarantine implements Scenario {
    @Override
    public String line() {
        return "a flush fences a device again while the end of its reset restores it: the "
                + "newer fence must win";
    }

    @Override
    public void stage(Lab lab) {
        lab.errorInterruptMissing();
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space space = lab.domain(nic);
        space.map(0x1000);
        nic.warm(0x1000);
        nic.neverAnswersAtcInv();
        nic.staysBroken();
        nic.writes(0x1000, 0xbad, 1);

        lab.cpu("cpu0", () -> lab.free(space.unmap(0x1000)));
        lab.cpu("cpu1", () -> lab.note("reset", nic.reset()));
    }
}
