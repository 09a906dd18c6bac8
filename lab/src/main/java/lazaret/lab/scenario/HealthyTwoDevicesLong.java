// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

/** The same for 10 000 rounds each: queues wrap, tags and frames are reused thousands of times. */
public final class HealthyTwoDevicesLong extends HealthyTwoDevices {
    @Override
    public String name() {
        return "healthy-two-devices-10000-rounds";
    }

    @Override
    protected int rounds() {
        return 10_000;
    }
}
