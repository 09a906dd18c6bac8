// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * While one CPU fences a device inside a flush, another one is writing the device's STE for a new domain. If
 * the attach stores the word that it made up before the fence, the fence is lost. (N. Chen's step 5, May
 * 2026; the surgical store against every writer.)
 */
public final class AttachRacesWithFence implements Scenario {
    @Override
    public String line() {
        return "a device is replaced to another domain while a flush of its old one fences it";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("nic", "01:00.0");
        Fn gpu = lab.endpoint("gpu", "02:00.0");
        Space first = lab.domain(nic, gpu);
        Space second = lab.domain();
        first.map(0x1000);
        second.map(0x1000);
        nic.warm(0x1000);
        nic.neverAnswersAtcInv();
        nic.writes(0x1000, 0xbad, 2);

        lab.cpu("cpu0", () -> lab.free(first.unmap(0x1000)));
        lab.cpu("cpu1", () -> {
            lab.note("replace", nic.replace(second));
            lab.free(second.unmap(0x1000));
        });
    }
}
