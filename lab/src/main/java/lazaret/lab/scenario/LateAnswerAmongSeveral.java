// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * Two devices share a domain, one of them answers half a time-out too late. Asked again, alone, it seems to
 * answer in time: the root takes the late answer for the new one, because the tag is in use again. From then
 * on the device is one answer behind.
 */
public final class LateAnswerAmongSeveral implements Scenario {
    @Override
    public String line() {
        return "of two devices one answers too late, and its late answer passes for the answer to the retry";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("nic", "01:00.0");
        Fn gpu = lab.endpoint("gpu", "02:00.0");
        Space space = lab.domain(nic, gpu);
        for (long iova = 0x1000; iova <= 0x2000; iova += 0x1000) {
            space.map(iova);
            nic.warm(iova);
        }
        nic.answersAtcInvAfter(lab.atcTimeoutUs() + lab.atcTimeoutUs() / 2);
        nic.writes(0x2000, 0xbad, 6);

        lab.cpu("cpu0", () -> {
            for (long iova = 0x1000; iova <= 0x2000; iova += 0x1000) {
                lab.free(space.unmap(iova));
            }
        });
    }
}
