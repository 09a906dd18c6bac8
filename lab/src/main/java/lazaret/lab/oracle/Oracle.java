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
    /** Who hears of stores, by far the most frequent entry. */
    private final List<Watch> stores;
    private final List<Watch> software;
    private final List<Watch> smmu;
    private final List<Watch> functions;
    private final List<Watch> core;
    private final List<Watch> ends;
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
        var ordering = new Ordering(machine, hardware, flushes, attachments, issuers, containment, guilt, ats,
                this::report);
        recoverability = new Recoverability(hardware, devices, sticky, ats, this::report);
        var fences = new FenceBeforeReturn(machine, hardware, flushes, this::report);
        var bounded = new Bounded(machine, hardware, flushes, attachments, issuers, this::report);
        var attribution = new Attribution(machine, hardware, flushes, issuers, guilt, this::report);
        var agreement = new Agreement(machine, hardware, attachments, containment, guilt, sticky, ats,
                this::report);
        var context = new ContextRules(flushes, this::report);
        var memory = new MemorySafety(this::report);
        var precision = new Precision(guilt, this::report);
        var restorable = new Restorable(hardware, attachments, devices, guilt, ats, this::report);
        var teardown = new Teardown(hardware, attachments, devices, containment, this::report);
        stores = List.of(integrity, ordering, issuers, sticky);
        software = List.of(agreement, memory, context, ordering);
        smmu = List.of(guilt, containment, fences, bounded, attribution, integrity, ordering);
        functions = List.of(guilt, ats, bounded, sticky, attribution, ordering);
        core = List.of(attachments, containment, fences, precision, bounded, sticky, restorable, agreement,
                teardown, attribution, ordering, devices);
        ends = List.of(bounded, agreement, memory, context, integrity);
    }

    @Override
    public void on(Entry entry) {
        switch (entry) {
            case KernelEntry.Stored store -> {
                for (int i = 0; i < stores.size(); i++) {
                    stores.get(i).stored(store);
                }
            }
            case KernelEntry kernel -> {
                for (int i = 0; i < software.size(); i++) {
                    software.get(i).on(kernel);
                }
            }
            case SmmuEntry of -> {
                for (int i = 0; i < smmu.size(); i++) {
                    smmu.get(i).on(of);
                }
            }
            case PcieEntry of -> {
                for (int i = 0; i < functions.size(); i++) {
                    functions.get(i).on(of);
                }
            }
            case IommuEntry of -> {
                flushes.begins(of);
                for (int i = 0; i < core.size(); i++) {
                    core.get(i).on(of);
                }
                flushes.ends(of);
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
        ends.forEach(watch -> watch.end(ending));
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
