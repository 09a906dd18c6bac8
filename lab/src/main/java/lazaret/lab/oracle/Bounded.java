// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import lazaret.explore.Ending;
import lazaret.iommu.IommuEntry;
import lazaret.machine.Entry;
import lazaret.machine.Machine;
import lazaret.machine.Ref;
import lazaret.pcie.PcieEntry;
import lazaret.smmuv3.hw.SmmuEntry;

/**
 * P4. A flush may cost one time-out for the batch and one for each device when it isolates, for each flush that competes for
 * the queue. Once a flush that met a device's time-out has returned, nothing that starts later may meet another.
 */
final class Bounded implements Watch {
    /** @param known when a flush that had met the time-out returned, in the oracle's count; 0 before */
    private record Dead(int sid, long met, long known) { }

    private final Machine machine;
    private final Hardware hardware;
    private final Flushes flushes;
    private final Attachments attachments;
    private final Consumer<Violation> report;
    private final Ref<List<Dead>> dead;

    Bounded(Machine machine, Hardware hardware, Flushes flushes, Attachments attachments, Consumer<Violation> report) {
        this.machine = machine;
        this.hardware = hardware;
        this.flushes = flushes;
        this.attachments = attachments;
        this.report = report;
        dead = new Ref<>(machine.undo(), List.of());
    }

    @Override
    public void on(Entry entry) {
        switch (entry) {
            case SmmuEntry.AtcInvTimedOut t -> timedOut(t);
            case IommuEntry.FlushEnd end -> returned(end);
            case PcieEntry.FunctionReset r when r.ready() -> without(r.rid());
            default -> { }
        }
    }

    @Override
    public void end(Ending ending) {
        if (ending instanceof Ending.Stuck && !flushes.open().isEmpty()) {
            Flushes.Open held = flushes.open().getFirst();
            report.accept(new Violation(Property.P4, held.begin().domain(), "a flush of " + held.strand() + " never returns",
                    held.begin(), null));
        }
    }

    private void timedOut(SmmuEntry.AtcInvTimedOut t) {
        for (Dead d : dead.get()) {
            if (d.sid() == t.sid()) {
                if (d.known() != 0 && !openSince(d.known())) {
                    report.accept(new Violation(Property.P4, "sid 0x" + Integer.toHexString(t.sid()),
                            "it costs another time-out although a flush that met one had returned", null, t));
                }
                return;
            }
        }
        var next = new ArrayList<>(dead.get());
        next.add(new Dead(t.sid(), flushes.seq(), 0));
        dead.set(List.copyOf(next));
    }

    /** Is a flush open that began before {@code seq}? It may still have invalidations out that nobody could have muted. */
    private boolean openSince(long seq) {
        for (Flushes.Open o : flushes.open()) {
            if (o.seq() < seq) {
                return true;
            }
        }
        return false;
    }

    private void returned(IommuEntry.FlushEnd end) {
        Flushes.Open began = flushes.ended();
        if (began == null) {
            return;
        }
        long took = machine.clock().now() - began.time();
        long bound = (1L + attachments.count(end.domain())) * hardware.atcTimeoutUs() * Math.max(1, flushes.peak());
        if (took > bound) {
            report.accept(new Violation(Property.P4, end.domain(),
                    "a flush took " + took + " µs, the bound is " + bound + " µs", began.begin(), end));
        }
        var next = new ArrayList<Dead>();
        for (Dead d : dead.get()) {
            boolean met = d.known() == 0 && d.met() > began.seq();
            next.add(met ? new Dead(d.sid(), d.met(), flushes.seq()) : d);
        }
        dead.set(List.copyOf(next));
    }

    private void without(int sid) {
        var next = new ArrayList<>(dead.get());
        next.removeIf(d -> d.sid() == sid);
        dead.set(List.copyOf(next));
    }
}
