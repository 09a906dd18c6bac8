// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.ArrayList;
import java.util.List;
import lazaret.explore.Ending;
import lazaret.iommu.IommuEntry;
import lazaret.kernel.Errno;
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
    private final Recoverability recoverability;
    private final List<Violation> violations = new ArrayList<>();

    public Oracle(Machine machine, Hardware hardware) {
        var attachments = new Attachments(machine);
        var issuers = new Issuers(machine, hardware);
        var guilt = new Guilt(machine, hardware);
        flushes = new Flushes(machine, attachments);
        var containment = new Containment(machine, hardware, flushes, this::report);
        var sticky = new Sticky(machine, hardware, this::report);
        var ats = new AtsState(machine);
        var devices = new Devices(machine);
        var integrity = new QueueIntegrity(machine, hardware, issuers, guilt, this::report);
        var ordering = new Ordering(machine, hardware, flushes, issuers, containment, guilt, ats,
                this::report);
        recoverability = new Recoverability(hardware, devices, sticky, ats, this::report);
        watches = new Watch[] {attachments, guilt, ats, containment,
                new FenceBeforeReturn(machine, hardware, flushes, this::report),
                new Precision(guilt, this::report),
                new Bounded(machine, hardware, flushes, attachments, issuers, this::report),
                sticky,
                new Restorable(hardware, attachments, devices, guilt, ats, this::report),
                new Agreement(machine, hardware, attachments, containment, guilt, sticky, ats, this::report),
                new MemorySafety(this::report),
                new ContextRules(flushes, this::report),
                new Teardown(hardware, attachments, devices, containment, this::report),
                new Attribution(machine, hardware, flushes, issuers, guilt, this::report),
                integrity, ordering,
                devices};
        readers = List.of(integrity, ordering, issuers, sticky);
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

    /** Streams that are fenced or whose devices are blocked. */
    public List<Integer> outOfService() {
        return recoverability.waiting();
    }

    /** After {@link #end}: the device with this stream was made well and reset; judges how it is now. */
    public void operated(int sid, Errno result) {
        recoverability.tried(sid, result);
    }

    /** What was broken, in order. */
    public List<Violation> violations() {
        return List.copyOf(violations);
    }

    private void report(Violation violation) {
        violations.add(violation);
    }
}
