// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * Three CPUs at the command queue: while one publishes for another, a third one is the next to publish.
 * Nothing is wrong with the device.
 */
public final class ThreeCpusUnmapAtOnce implements Scenario {
    @Override
    public String line() {
        return "three CPUs unmap a page each of a healthy device, at once";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space space = lab.domain(nic);
        for (int i = 0; i < 3; i++) {
            long iova = 0x1000L * (i + 1);
            space.map(iova);
            nic.warm(iova).writes(iova, i, 1);
            lab.cpu("cpu" + i, () -> lab.free(space.unmap(iova)));
        }
    }
}
