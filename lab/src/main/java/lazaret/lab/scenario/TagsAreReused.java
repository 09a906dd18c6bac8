// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * A domain goes and a new one takes its place, its tag included, while the device does DMA. Nothing that
 * the SMMU cached under the old tag may serve the new one.
 */
public final class TagsAreReused implements Scenario {
    @Override
    public String line() {
        return "a domain is freed and a new one takes over its tag";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space first = lab.domain(nic);
        first.map(0x1000);
        nic.reads(0x1000, 2);

        lab.cpu("cpu0", () -> {
            nic.detach();
            lab.free(first.unmap(0x1000));
            first.free();
            Space second = lab.domain(nic);
            second.map(0x1000);
            lab.free(second.unmap(0x1000));
        });
    }
}
