// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import java.util.List;
import lazaret.machine.Strand;

/** The root's patience with invalidate requests: gives one up at each step. */
final class AtcTimeout implements Strand {
    private final List<Port> ports;

    AtcTimeout(List<Port> ports) {
        this.ports = ports;
    }

    @Override
    public String name() {
        return "smmu atc-timeout";
    }

    @Override
    public String lane() {
        return Smmu.LANE;
    }

    @Override
    public boolean enabled() {
        for (int i = 0; i < ports.size(); i++) {
            if (ports.get(i).invalidations().due()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void step() {
        for (int i = 0; i < ports.size(); i++) {
            AtcInvalidations invalidations = ports.get(i).invalidations();
            if (invalidations.due()) {
                invalidations.giveUp();
                return;
            }
        }
    }
}
