// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.List;
import lazaret.machine.Machine;
import lazaret.pcie.PcieEntry;

/** Which functions have ATS on, by their own account, which ever had, and of which nobody can tell. */
final class AtsState implements Watch {
    private static final int PAGES = 64;

    private final Book<Integer, Boolean> on;
    private final Book<Integer, Boolean> gone;

    AtsState(Machine machine) {
        on = new Book<>(machine, PAGES);
        gone = new Book<>(machine, PAGES);
    }

    @Override
    public List<Ear<?>> ears() {
        return List.of(Ear.of(PcieEntry.AtsControl.class, control -> on.put(control.rid(), control.on())),
                Ear.of(PcieEntry.LinkDown.class, down -> gone.put(down.rid(), true)),
                Ear.of(PcieEntry.Removed.class, removed -> gone.put(removed.rid(), true)),
                Ear.of(PcieEntry.FunctionReset.class, this::reset));
    }

    private void reset(PcieEntry.FunctionReset reset) {
        gone.remove(reset.rid());
        if (ever(reset.rid())) {
            on.put(reset.rid(), false);
        }
    }

    boolean isOn(int rid) {
        return on.get(rid, false);
    }

    /** Pulled out, or its link is down: what software tells it, it does not hear. */
    boolean isGone(int rid) {
        return gone.has(rid);
    }

    boolean ever(int rid) {
        return on.has(rid);
    }
}
