// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import lazaret.explore.Ending;
import lazaret.iommu.IommuEntry;
import lazaret.machine.Machine;
import lazaret.pcie.PcieEntry;
import lazaret.smmuv3.hw.SmmuEntry;

/**
 * P4, counted in time-outs, not in microseconds: a CPU that is held up by others loses time that is not the
 * flush's.
 * <ol>
 * <li>While a flush is open, devices of its domain may time out once for the batch and once for each device
 *     when it isolates, for
 *     each CPU that competes for the queue and for one attach.
 * <li>Once a flush that met a device's time-out has returned, a flush that begins later may not meet
 *     another, and attaches may
 *     meet one more (whoever had looked at the device before).
 * </ol>
 */
final class Bounded implements Watch {
    private static final int PAGES = 64;

    /** The moments, however many at one, at which invalidations of its domain timed out. */
    private record Stalls(int moments, long last) { }

    /** An open flush that concerns a device. @param late had the device been known when it began? */
    private record Party(String strand, boolean late) { }

    /**
     * A device that timed out and was not reset since.
     *
     * @param known     has a flush returned that met it?
     * @param witnesses the open flushes that met it
     * @param late      requests under way that a late flush sent, a bit for each tag
     * @param stray     those that no flush sent
     * @param strayed   how many of those timed out
     */
    private record Dead(boolean known, List<String> witnesses, long late, long stray, int strayed) {
        Dead sent(int itag, boolean byLate, boolean byNone) {
            long bit = 1L << itag;
            return new Dead(known, witnesses, byLate ? late | bit : late & ~bit,
                    byNone ? stray | bit : stray & ~bit, strayed);
        }

        boolean isLate(int itag) {
            return (late >> itag & 1) != 0;
        }

        Dead timedOut(int itag) {
            return new Dead(known, witnesses, late, stray, strayed + (int) (stray >> itag & 1));
        }
    }

    private final Machine machine;
    private final Hardware hardware;
    private final Flushes flushes;
    private final Attachments attachments;
    private final Issuers issuers;
    private final Consumer<Violation> report;
    private final Book<Integer, Dead> dead;
    private final Book<Integer, List<Party>> parties;
    private final Book<String, Stalls> stalls;

    Bounded(Machine machine, Hardware hardware, Flushes flushes, Attachments attachments, Issuers issuers,
            Consumer<Violation> report) {
        this.machine = machine;
        this.hardware = hardware;
        this.flushes = flushes;
        this.attachments = attachments;
        this.issuers = issuers;
        this.report = report;
        dead = new Book<>(machine, PAGES);
        parties = new Book<>(machine, PAGES);
        stalls = new Book<>(machine, PAGES);
    }

    @Override
    public List<Ear<?>> ears() {
        return List.of(Ear.of(SmmuEntry.AtcInvSent.class, this::sent),
                Ear.of(SmmuEntry.AtcInvTimedOut.class, this::timedOut),
                Ear.of(IommuEntry.FlushBegin.class, _ -> flushes.own().sids().forEach(this::join)),
                Ear.of(IommuEntry.FlushEnd.class, _ -> ended()),
                Ear.of(PcieEntry.FunctionReset.class, this::reset));
    }

    private void ended() {
        if (flushes.own() != null) {
            flushes.own().sids().forEach(this::part);
            stalls.remove(flushes.strand());
        }
    }

    private void reset(PcieEntry.FunctionReset r) {
        if (r.ready()) {
            dead.remove(r.rid());
        }
    }

    @Override
    public void end(Ending ending) {
        var held = flushes.held();
        if ((ending instanceof Ending.Stuck || ending instanceof Ending.Spins) && held != null) {
            IommuEntry.FlushBegin begin = held.value().begin();
            report.accept(new Violation(Property.P4, begin.domain(), "a flush of " + held.key()
                    + " never returns", begin, null));
        }
    }

    private void join(int sid) {
        Dead device = dead.get(sid, null);
        var more = new ArrayList<>(parties.get(sid, List.of()));
        more.add(new Party(flushes.strand(), device != null && device.known()));
        more.sort((a, b) -> a.strand().compareTo(b.strand()));
        parties.put(sid, List.copyOf(more));
    }

    private void part(int sid) {
        String strand = flushes.strand();
        var fewer = new ArrayList<>(parties.get(sid, List.of()));
        fewer.removeIf(p -> p.strand().equals(strand));
        parties.put(sid, List.copyOf(fewer));
        Dead device = dead.get(sid, null);
        if (device != null && !device.known() && device.witnesses().contains(strand)) {
            dead.put(sid, new Dead(true, List.of(), 0, 0, 0));
        }
    }

    private void sent(SmmuEntry.AtcInvSent s) {
        Dead device = dead.get(s.sid(), null);
        if (device != null && device.known()) {
            Party issuer = null;
            for (Party p : parties.get(s.sid(), List.of())) {
                issuer = p.strand().equals(issuers.current()) ? p : issuer;
            }
            dead.put(s.sid(), device.sent(s.itag(), issuer != null && issuer.late(), issuer == null));
        }
    }

    /** A flush that goes on asking for ever has no end at which it could be judged. */
    private void stalled(String strand, SmmuEntry.AtcInvTimedOut t) {
        Stalls before = stalls.get(strand, new Stalls(0, -1));
        long now = machine.clock().now();
        if (before.last() != now) {
            stalls.put(strand, new Stalls(before.moments() + 1, now));
            IommuEntry.FlushBegin flush = flushes.of(strand).begin();
            long bound = (1L + attachments.peak(flush.domain())) * (1 + hardware.cpus());
            if (before.moments() == bound) {
                report.accept(new Violation(Property.P4, flush.domain(), "a flush meets more than " + bound
                        + " time-outs, which is the bound", flush, t));
            }
        }
    }

    private void timedOut(SmmuEntry.AtcInvTimedOut t) {
        parties.get(t.sid(), List.of()).forEach(p -> stalled(p.strand(), t));
        Dead device = dead.get(t.sid(), new Dead(false, List.of(), 0, 0, 0));
        if (device.known()) {
            Dead next = device.timedOut(t.itag());
            dead.put(t.sid(), next);
            if (next.isLate(t.itag()) || next.strayed() > 1) {
                report.accept(new Violation(Property.P4, "sid 0x" + Integer.toHexString(t.sid()),
                        "it costs another time-out although a flush that met one had returned", null, t));
            }
            return;
        }
        var met = new ArrayList<String>();
        for (Party p : parties.get(t.sid(), List.of())) {
            met.add(p.strand());
        }
        dead.put(t.sid(), new Dead(false, List.copyOf(met), 0, 0, 0));
    }
}
