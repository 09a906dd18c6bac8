// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.ArrayList;
import java.util.List;
import lazaret.explore.Ending;
import lazaret.iommu.IommuEntry;
import lazaret.kernel.KernelEntry;
import lazaret.machine.Entry;
import lazaret.machine.Log;
import lazaret.machine.Machine;
import lazaret.pcie.PcieEntry;
import lazaret.smmuv3.hw.SmmuEntry;

/**
 * Judges a run by its log. Listens from boot on, so that it knows what was mapped and attached before the
 * run; its state rolls back with the machine. A run goes on after a violation: what
 * follows from it belongs to the story.
 */
public final class Oracle implements Log.Listener {
    private final Flushes flushes;
    private final Watch[] watches;
    /** Those who look at stores, by far the most frequent entry. */
    private final List<Watch> readers;
    private final List<Violation> violations = new ArrayList<>();

    public Oracle(Machine machine, Hardware hardware) {
        var attachments = new Attachments(machine);
        var issuers = new Issuers(machine, hardware);
        var guilt = new Guilt(machine, hardware);
        flushes = new Flushes(machine, attachments);
        var containment = new Containment(machine, hardware, flushes, this::report);
        var sticky = new Sticky(machine, hardware, this::report);
        watches = new Watch[] {attachments, guilt, containment,
                new FenceBeforeReturn(machine, hardware, flushes, this::report),
                new Precision(guilt, this::report),
                new Bounded(machine, hardware, flushes, attachments, issuers, this::report),
                sticky,
                new Agreement(this::report),
                new MemorySafety(this::report),
                new ContextRules(flushes, this::report)};
        readers = List.of(issuers, sticky);
    }

    @Override
    public void on(Entry entry) {
        switch (entry) {
            case KernelEntry.Stored store -> {
                for (int i = 0; i < readers.size(); i++) {
                    readers.get(i).stored(store);
                }
            }
            case KernelEntry kernel -> {
                for (Watch watch : watches) {
                    watch.on(kernel);
                }
            }
            case SmmuEntry smmu -> {
                for (Watch watch : watches) {
                    watch.on(smmu);
                }
            }
            case PcieEntry pcie -> {
                for (Watch watch : watches) {
                    watch.on(pcie);
                }
            }
            case IommuEntry iommu -> {
                flushes.begins(iommu);
                for (Watch watch : watches) {
                    watch.on(iommu);
                }
                flushes.ends(iommu);
            }
            default -> { }
        }
    }

    /** Before a run: forgets the violations of the one before. */
    public void begin() {
        violations.clear();
    }

    /** After a run: judges how it ended. */
    public void end(Ending ending) {
        for (Watch watch : watches) {
            watch.end(ending);
        }
    }

    /** What was broken, in order. */
    public List<Violation> violations() {
        return List.copyOf(violations);
    }

    private void report(Violation violation) {
        violations.add(violation);
    }
}
