// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

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
    public void on(PcieEntry entry) {
        if (entry instanceof PcieEntry.AtsControl control) {
            on.put(control.rid(), control.on());
        } else if (entry instanceof PcieEntry.FunctionReset reset && ever(reset.rid())) {
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
