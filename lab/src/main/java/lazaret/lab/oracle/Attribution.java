// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import lazaret.iommu.IommuEntry;
import lazaret.machine.Entry;
import lazaret.machine.Machine;
import lazaret.pcie.PcieEntry;
import lazaret.smmuv3.CmdError;
import lazaret.smmuv3.hw.SmmuEntry;

/**
 * P11. The strand that wrote an ATC_INV owns what becomes of it.
 * <ol>
 * <li>When the queue stops because invalidations timed out, the SYNC at which it stops was written by the
 *     strand that wrote them.
 * <li>Who fences a stream has asked it and got no answer the last time.
 * <li>A flush one of whose own invalidations timed out does not return while the hardware serves the stream,
 *     unless somebody got an answer from it since.
 * </ol>
 */
final class Attribution implements Watch {
    private static final int PAGES = 64;
    /** The tag of one that was reported does not matter any more. */
    private static final int ANY = -1;

    /** How far an ATC_INV got. */
    private enum Fate { UNDER_WAY, TIMED_OUT, REPORTED }

    /** @param cleared has the stream answered anybody since it timed out? */
    private record Asked(int itag, String strand, Fate fate, boolean cleared) {
        Asked now(Fate next) {
            return new Asked(next == Fate.REPORTED ? ANY : itag, strand, next, cleared);
        }

        Asked alive() {
            return new Asked(itag, strand, fate, true);
        }

        boolean waits(int tag) {
            return itag == tag && fate == Fate.UNDER_WAY;
        }
    }

    private final Hardware hardware;
    private final Flushes flushes;
    private final Issuers issuers;
    private final Consumer<Violation> report;
    /** By stream. */
    private final Book<Integer, List<Asked>> asked;
    private final Guilt guilt;
    private final Announced announced;

    Attribution(Machine machine, Hardware hardware, Flushes flushes, Issuers issuers, Guilt guilt,
            Announced announced, Consumer<Violation> report) {
        this.hardware = hardware;
        this.flushes = flushes;
        this.issuers = issuers;
        this.report = report;
        asked = new Book<>(machine, PAGES);
        this.guilt = guilt;
        this.announced = announced;
    }

    @Override
    public List<Ear<?>> ears() {
        return List.of(Ear.of(SmmuEntry.AtcInvSent.class, this::sent),
                Ear.of(SmmuEntry.AtcInvAnswered.class, a -> answered(a.sid(), a.itag())),
                Ear.of(SmmuEntry.AtcInvUnsupported.class, a -> answered(a.sid(), a.itag())),
                Ear.of(SmmuEntry.AtcInvTimedOut.class, this::timedOut),
                Ear.of(SmmuEntry.CmdqError.class, this::stopped),
                Ear.of(IommuEntry.Fenced.class, this::fenced),
                Ear.of(IommuEntry.FlushEnd.class, this::ended),
                Ear.of(PcieEntry.FunctionReset.class, this::reset));
    }

    private void ended(IommuEntry.FlushEnd end) {
        if (flushes.own() != null) {
            flushes.own().sids().forEach(sid -> returned(sid, end));
        }
    }

    private void reset(PcieEntry.FunctionReset r) {
        if (r.ready() && announced.reset(r.rid())) {
            asked.remove(r.rid());
        }
    }

    private List<Asked> of(int sid) {
        return asked.get(sid, List.of());
    }

    private void sent(SmmuEntry.AtcInvSent s) {
        Book.append(asked, s.sid(), new Asked(s.itag(), issuers.current(), Fate.UNDER_WAY, false));
    }

    private void timedOut(SmmuEntry.AtcInvTimedOut t) {
        Book.each(asked, t.sid(), a -> a.waits(t.itag()) ? a.now(Fate.TIMED_OUT) : a);
    }

    /** What the strand that asked had against the stream is settled; to others it is a sign of life. */
    private void answered(int sid, int itag) {
        String strand = null;
        for (Asked a : of(sid)) {
            strand = a.waits(itag) ? a.strand() : strand;
        }
        String who = strand;
        Book.each(asked, sid, a -> a.waits(itag) ? null : a.fate() == Fate.UNDER_WAY ? a
                : a.strand().equals(who) ? null : a.alive());
    }

    private void stopped(SmmuEntry.CmdqError error) {
        if (error.error() != CmdError.ATC_INV_SYNC) {
            return;
        }
        for (int sid : hardware.streams()) {
            if (!of(sid).isEmpty()) {
                stopped(sid, error);
            }
        }
    }

    private void stopped(int sid, SmmuEntry.CmdqError error) {
        String issuer = issuers.current();
        for (Asked a : of(sid)) {
            if (a.fate() == Fate.TIMED_OUT && !a.strand().equals(issuer)) {
                broken(sid, "a time-out of what " + a.strand() + " asked stops the queue at a SYNC of "
                        + issuer, error);
            }
        }
        Book.each(asked, sid, a -> a.fate() == Fate.TIMED_OUT ? a.now(Fate.REPORTED) : a);
        if (of(sid).size() > 1) {
            var once = new ArrayList<Asked>();
            for (Asked a : of(sid)) {
                if (!once.contains(a)) {
                    once.add(a);
                }
            }
            asked.put(sid, List.copyOf(once));
        }
    }

    private void fenced(IommuEntry.Fenced fenced) {
        String strand = flushes.strand();
        boolean own = of(fenced.sid()).stream().anyMatch(a -> a.strand().equals(strand));
        if (!own && !guilt.halted()) {
            broken(fenced.sid(), strand + " fences it, which answered all that " + strand + " asked", fenced);
        }
    }

    private void returned(int sid, IommuEntry.FlushEnd end) {
        if (of(sid).isEmpty()) {
            return;
        }
        String strand = flushes.strand();
        boolean lost = of(sid).stream().anyMatch(a -> a.strand().equals(strand)
                && a.fate() != Fate.UNDER_WAY && !a.cleared());
        if (lost && !hardware.refusesAts(sid)) {
            broken(sid, "the time-out of what " + strand + " asked never reached it", end);
        }
        Book.each(asked, sid, a -> a.strand().equals(strand) && a.fate() != Fate.UNDER_WAY ? null : a);
    }

    private void broken(int sid, String what, Entry entry) {
        report.accept(new Violation(Property.P11, "sid 0x" + Integer.toHexString(sid), what, null, entry));
    }
}
