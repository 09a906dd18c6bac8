// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * Two devices of one group go from one domain to another and back to their default one while both do DMA;
 * then the domains are freed. All of the group move or none, and nobody stays behind.
 */
public final class SiblingsAttachedTogether implements Scenario {
    @Override
    public String line() {
        return "a group of two changes its domain twice while both write, then the domains are freed";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("fn0", "01:00.0");
        Fn other = lab.sibling("fn1", "01:00.1", nic);
        Space first = lab.domain(nic);
        Space second = lab.domain();
        first.map(0x1000);
        second.map(0x1000);
        nic.warm(0x1000).writes(0x1000, 0xfee1, 1);
        other.warm(0x1000).writes(0x1000, 0xfee2, 1);

        lab.cpu("cpu0", () -> {
            lab.note("replace", nic.replace(second));
            nic.detach();
            lab.free(first.unmap(0x1000));
            lab.free(second.unmap(0x1000));
            first.free();
            second.free();
        });
    }
}
