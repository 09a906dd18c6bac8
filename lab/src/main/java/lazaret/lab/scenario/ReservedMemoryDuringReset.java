// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * Firmware reserved a page for a device, which uses it whatever software does. The device stops answering ATC
 * invalidations and is reset: blocked for as long as that takes, it has its page again afterwards. Nobody may
 * block it for good, as an owner of its DMA would.
 */
public final class ReservedMemoryDuringReset implements Scenario {
    @Override
    public String line() {
        return "a device with memory that firmware reserved stops answering; it is reset, claimed in vain";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpointWithReserved("nic", "01:00.0");
        Space home = nic.home();
        home.map(0x1000);
        nic.warm(0x1000).warm(nic.reserved());
        nic.neverAnswersAtcInv();
        nic.writes(nic.reserved(), 0xf1, 2).writes(0x1000, 0xbad, 1);

        lab.cpu("cpu0", () -> {
            lab.free(home.unmap(0x1000));
            lab.check(nic.reset().ok(), "a device with reserved memory can be reset");
            lab.check(nic.hasAts(), "the reset brings ATS back");
        });
        lab.cpu("cpu1", () -> {
            nic.unbind();
            lab.check(nic.claim("guest").failed(), "a device with reserved memory is nobody's to block");
            lab.check(nic.bind().ok(), "its driver comes back");
        });
    }
}
