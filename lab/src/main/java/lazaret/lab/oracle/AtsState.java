// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.List;
import lazaret.machine.Machine;
import lazaret.pcie.PcieEntry;

/** Which functions have ATS on, by their own account, and which ever had. */
final class AtsState implements Watch {
    private static final int PAGES = 64;

    private final Book<Integer, Boolean> on;

    AtsState(Machine machine) {
        on = new Book<>(machine, PAGES);
    }

    @Override
    public List<Ear<?>> ears() {
        return List.of(Ear.of(PcieEntry.AtsControl.class, control -> on.put(control.rid(), control.on())),
                Ear.of(PcieEntry.FunctionReset.class, this::reset));
    }

    private void reset(PcieEntry.FunctionReset reset) {
        if (ever(reset.rid())) {
            on.put(reset.rid(), false);
        }
    }

    boolean isOn(int rid) {
        return on.get(rid, false);
    }

    boolean ever(int rid) {
        return on.has(rid);
    }
}
