// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * Nobody is broken. Two CPUs map and unmap for two devices that do DMA all the time; everything must simply
 * work.
 */
public class HealthyTwoDevices implements Scenario {
    private static final long WINDOW = 0x10_0000;

    /** How often each CPU maps and unmaps. */
    protected int rounds() {
        return 3;
    }

    @Override
    public String line() {
        return "two healthy devices, two CPUs that map and unmap " + rounds() + " times";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("nic", "01:00.0");
        Fn gpu = lab.endpoint("gpu", "02:00.0");
        Space space = lab.domain(nic, gpu);
        nic.writes(WINDOW, 1, rounds());
        gpu.writes(2 * WINDOW, 2, rounds());
        lab.cpu("cpu0", () -> mapAndUnmap(lab, space, nic, WINDOW));
        lab.cpu("cpu1", () -> mapAndUnmap(lab, space, gpu, 2 * WINDOW));
    }

    private void mapAndUnmap(Lab lab, Space space, Fn device, long iova) {
        for (int i = 0; i < rounds(); i++) {
            space.map(iova);
            lab.free(space.unmap(iova));
        }
        lab.check(device.hasAts(), "the device has ATS");
    }
}
