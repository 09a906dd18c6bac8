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
    private final List<Violation> violations = new ArrayList<>();

    public Oracle(Machine machine, Hardware hardware) {
        flushes = new Flushes(machine);
        var attachments = new Attachments(machine, flushes);
        var issuers = new Issuers(machine, hardware);
        watches = new Watch[] {flushes, attachments, issuers,
                new Containment(machine, hardware, flushes, this::report),
                new FenceBeforeReturn(machine, hardware, flushes, attachments, this::report),
                new Precision(machine, hardware, this::report),
                new Bounded(machine, flushes, attachments, issuers, this::report),
                new Sticky(machine, hardware, this::report),
                new Agreement(this::report),
                new MemorySafety(this::report),
                new ContextRules(flushes, this::report)};
    }

    @Override
    public void on(Entry entry) {
        flushes.count();
        switch (entry) {
            case KernelEntry.Stored store -> {
                for (Watch watch : watches) {
                    watch.stored(store);
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
                for (Watch watch : watches) {
                    watch.on(iommu);
                }
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
