// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import lazaret.iommu.IommuEntry;
import lazaret.machine.Machine;
import lazaret.machine.Ref;
import lazaret.pcie.PcieEntry;
import lazaret.smmuv3.hw.SmmuEntry;

/**
 * P3. A fence needs a time-out of that very stream since its last reset, or an invalidation it has not
 * answered.
 */
final class Precision implements Watch {
    private final Hardware hardware;
    private final Consumer<Violation> report;
    private final Ref<List<Integer>> guilty;

    Precision(Machine machine, Hardware hardware, Consumer<Violation> report) {
        this.hardware = hardware;
        this.report = report;
        guilty = new Ref<>(machine.undo(), List.of());
    }

    @Override
    public void on(SmmuEntry entry) {
        if (entry instanceof SmmuEntry.AtcInvTimedOut t) {
            accuse(t.sid());
        }
    }

    @Override
    public void on(PcieEntry entry) {
        if (entry instanceof PcieEntry.FunctionReset r && r.ready()) {
            acquit(r.rid());
        }
    }

    @Override
    public void on(IommuEntry entry) {
        if (entry instanceof IommuEntry.Fenced f) {
            judge(f);
        }
    }

    private void accuse(int sid) {
        var next = new ArrayList<>(guilty.get());
        next.add(sid);
        guilty.set(List.copyOf(next));
    }

    private void acquit(int sid) {
        var next = new ArrayList<>(guilty.get());
        next.removeIf(g -> g == sid);
        guilty.set(List.copyOf(next));
    }

    private void judge(IommuEntry.Fenced fenced) {
        if (!guilty.get().contains(fenced.sid()) && hardware.outstanding(fenced.sid()) == 0) {
            report.accept(new Violation(Property.P3, "sid 0x" + Integer.toHexString(fenced.sid()),
                    "it was fenced although it answered every ATC invalidation", null, fenced));
        }
    }
}
