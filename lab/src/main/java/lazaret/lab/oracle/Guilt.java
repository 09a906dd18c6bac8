// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import lazaret.machine.Machine;
import lazaret.pcie.PcieEntry;
import lazaret.smmuv3.hw.SmmuEntry;

/** Which streams let an ATC invalidation time out since they were last reset. */
final class Guilt implements Watch {
    private static final int PAGES = 64;

    private final Hardware hardware;
    private final Book<Integer, Boolean> guilty;

    Guilt(Machine machine, Hardware hardware) {
        this.hardware = hardware;
        guilty = new Book<>(machine, PAGES);
    }

    @Override
    public void on(SmmuEntry entry) {
        if (entry instanceof SmmuEntry.AtcInvTimedOut t) {
            guilty.put(t.sid(), true);
        }
    }

    @Override
    public void on(PcieEntry entry) {
        if (entry instanceof PcieEntry.FunctionReset r && r.ready()) {
            guilty.remove(r.rid());
        }
    }

    boolean proved(int sid) {
        return guilty.has(sid);
    }

    /** Proved, or it has yet to answer something. */
    boolean suspect(int sid) {
        return proved(sid) || hardware.outstanding(sid) != 0;
    }
}
