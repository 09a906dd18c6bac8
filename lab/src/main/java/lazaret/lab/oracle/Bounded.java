// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import lazaret.explore.Ending;
import lazaret.iommu.IommuEntry;
import lazaret.machine.Machine;
import lazaret.machine.Ref;
import lazaret.pcie.PcieEntry;
import lazaret.smmuv3.hw.SmmuEntry;

/**
 * P4, counted in time-outs, not in microseconds: a CPU that is held up by others loses time that is not the
 * flush's.
 * <ol>
 * <li>While a flush is open, devices of its domain may time out once for the batch and once for each device
 *     when it isolates, for
 *     each flush that competes for the queue and for one attach.
 * <li>Once a flush that met a device's time-out has returned, a flush that begins later may not meet
 *     another, and attaches may
 *     meet one more (whoever had looked at the device before).
 * </ol>
 */
final class Bounded implements Watch {
    private static final long NO_FLUSH = 0;

    /**
     * @param met     when the device first timed out since its last reset, in the oracle's count
     * @param known   when a flush that had met that returned; 0 before
     * @param strayed time-outs after that which no flush asked for
     */
    private record Dead(int sid, long met, long known, int strayed) { }

    /** @param flush when the flush began whose CPU sent it, {@link #NO_FLUSH} if it was none */
    private record Sent(int sid, int itag, long seq, long flush) { }

    /** A moment of virtual time at which invalidations of a domain timed out, however many. */
    private record Stall(String domain, long time, long seq) { }

    private final Machine machine;
    private final Flushes flushes;
    private final Attachments attachments;
    private final Issuers issuers;
    private final Consumer<Violation> report;
    private final Ref<List<Dead>> dead;
    private final Ref<List<Sent>> sents;
    private final Ref<List<Stall>> stalls;

    Bounded(Machine machine, Flushes flushes, Attachments attachments, Issuers issuers,
            Consumer<Violation> report) {
        this.machine = machine;
        this.flushes = flushes;
        this.attachments = attachments;
        this.issuers = issuers;
        this.report = report;
        dead = new Ref<>(machine.undo(), List.of());
        sents = new Ref<>(machine.undo(), List.of());
        stalls = new Ref<>(machine.undo(), List.of());
    }

    @Override
    public void on(SmmuEntry entry) {
        if (entry instanceof SmmuEntry.AtcInvSent s) {
            sent(s);
        } else if (entry instanceof SmmuEntry.AtcInvTimedOut t) {
            stalled(t.sid());
            timedOut(t);
        }
    }

    @Override
    public void on(IommuEntry entry) {
        if (entry instanceof IommuEntry.FlushEnd end) {
            returned(end);
        }
    }

    @Override
    public void on(PcieEntry entry) {
        if (entry instanceof PcieEntry.FunctionReset r && r.ready()) {
            alive(r.rid());
        }
    }

    @Override
    public void end(Ending ending) {
        if (ending instanceof Ending.Stuck && !flushes.open().isEmpty()) {
            Flushes.Open held = flushes.open().getFirst();
            report.accept(new Violation(Property.P4, held.begin().domain(), "a flush of " + held.strand()
                    + " never returns",
                    held.begin(), null));
        }
    }

    private void sent(SmmuEntry.AtcInvSent s) {
        String issuer = issuers.current();
        long flush = NO_FLUSH;
        for (Flushes.Open o : flushes.open()) {
            flush = o.strand().equals(issuer) ? o.seq() : flush;
        }
        var next = new ArrayList<>(sents.get());
        next.removeIf(old -> old.sid() == s.sid() && old.itag() == s.itag());
        next.add(new Sent(s.sid(), s.itag(), flushes.seq(), flush));
        sents.set(List.copyOf(next));
    }

    private void stalled(int sid) {
        for (Attachments.Attachment a : attachments.all()) {
            boolean told = stalls.get().stream()
                    .anyMatch(w -> w.time() == machine.clock().now() && w.domain().equals(a.domain()));
            if (a.sid() == sid && !told) {
                var next = new ArrayList<>(stalls.get());
                next.add(new Stall(a.domain(), machine.clock().now(), flushes.seq()));
                stalls.set(List.copyOf(next));
            }
        }
    }

    private void timedOut(SmmuEntry.AtcInvTimedOut t) {
        Dead before = dead.get().stream().filter(d -> d.sid() == t.sid()).findFirst().orElse(null);
        if (before == null) {
            put(new Dead(t.sid(), flushes.seq(), 0, 0));
            return;
        }
        Sent sent = sents.get().stream().filter(s -> s.sid() == t.sid() && s.itag() == t.itag()).findFirst()
                .orElse(null);
        if (before.known() == 0 || sent == null || sent.seq() < before.known()) {
            return;
        }
        int strayed = before.strayed() + (sent.flush() == NO_FLUSH ? 1 : 0);
        put(new Dead(t.sid(), before.met(), before.known(), strayed));
        if (sent.flush() > before.known() || strayed > 1) {
            report.accept(new Violation(Property.P4, "sid 0x" + Integer.toHexString(t.sid()),
                    "it costs another time-out although a flush that met one had returned", null, t));
        }
    }

    private void returned(IommuEntry.FlushEnd end) {
        Flushes.Open began = flushes.ended();
        if (began == null) {
            return;
        }
        long met = stalls.get().stream().filter(w -> w.domain().equals(end.domain()) && w.seq() > began.seq())
                .count();
        long bound = (1L + attachments.peak(end.domain())) * (1 + Math.max(1, flushes.peak()));
        if (met > bound) {
            report.accept(new Violation(Property.P4, end.domain(),
                    "a flush met " + met + " time-outs, the bound is " + bound, began.begin(), end));
        }
        if (flushes.open().isEmpty()) {
            stalls.set(List.of());
        }
        for (Dead d : dead.get()) {
            if (d.known() == 0 && d.met() > began.seq()) {
                put(new Dead(d.sid(), d.met(), flushes.seq(), d.strayed()));
            }
        }
    }

    private void put(Dead one) {
        var next = new ArrayList<>(dead.get());
        next.removeIf(d -> d.sid() == one.sid());
        next.add(one);
        dead.set(List.copyOf(next));
    }

    private void alive(int sid) {
        var next = new ArrayList<>(dead.get());
        next.removeIf(d -> d.sid() == sid);
        dead.set(List.copyOf(next));
    }
}
