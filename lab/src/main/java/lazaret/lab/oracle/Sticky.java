// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import lazaret.iommu.IommuEntry;
import lazaret.kernel.KernelEntry;
import lazaret.machine.Entry;
import lazaret.machine.Machine;
import lazaret.machine.Ref;
import lazaret.pcie.PcieEntry;
import lazaret.smmuv3.Ste;

/** P5. Sees every store of software; one that sets EATS in the STE of a fenced stream is a violation. */
final class Sticky implements Watch {
    private record Fence(int sid, Entry cause) { }

    private final Hardware hardware;
    private final Consumer<Violation> report;
    private final Ref<List<Fence>> fences;

    Sticky(Machine machine, Hardware hardware, Consumer<Violation> report) {
        this.hardware = hardware;
        this.report = report;
        fences = new Ref<>(machine.undo(), List.of());
    }

    @Override
    public void on(IommuEntry entry) {
        if (entry instanceof IommuEntry.Fenced f) {
            fence(f);
        } else if (entry instanceof IommuEntry.Released r) {
            r.sids().forEach(this::lift);
        }
    }

    @Override
    public void on(PcieEntry entry) {
        if (entry instanceof PcieEntry.FunctionReset r && r.ready()) {
            lift(r.rid());
        }
    }

    private void fence(IommuEntry.Fenced fenced) {
        lift(fenced.sid());
        var next = new ArrayList<>(fences.get());
        next.add(new Fence(fenced.sid(), fenced));
        fences.set(List.copyOf(next));
    }

    private void lift(int sid) {
        var next = new ArrayList<>(fences.get());
        next.removeIf(f -> f.sid() == sid);
        fences.set(List.copyOf(next));
    }

    @Override
    public void stored(KernelEntry.Stored store) {
        List<Fence> fenced = fences.get();
        for (int i = 0; i < fenced.size(); i++) {
            int sid = fenced.get(i).sid();
            if (store.pa() == hardware.ste(sid) + 8L * Ste.EATS.word() && Ste.EATS.test(store.after())) {
                report.accept(new Violation(Property.P5, "sid 0x" + Integer.toHexString(sid),
                        "its STE lets ATS through again without a successful reset", fenced.get(i).cause(),
                        store));
            }
        }
    }
}
