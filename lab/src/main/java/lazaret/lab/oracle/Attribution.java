// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
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

    Attribution(Machine machine, Hardware hardware, Flushes flushes, Issuers issuers, Guilt guilt,
            Consumer<Violation> report) {
        this.hardware = hardware;
        this.flushes = flushes;
        this.issuers = issuers;
        this.report = report;
        asked = new Book<>(machine, PAGES);
        this.guilt = guilt;
    }

    @Override
    public void on(SmmuEntry entry) {
        if (entry instanceof SmmuEntry.AtcInvSent s) {
            sent(s);
        } else if (entry instanceof SmmuEntry.AtcInvAnswered a) {
            answered(a.sid(), a.itag());
        } else if (entry instanceof SmmuEntry.AtcInvUnsupported a) {
            answered(a.sid(), a.itag());
        } else if (entry instanceof SmmuEntry.AtcInvTimedOut t) {
            put(t.sid(), of(t.sid()).stream()
                    .map(a -> a.waits(t.itag()) ? a.now(Fate.TIMED_OUT) : a).toList());
        } else if (entry instanceof SmmuEntry.CmdqError e) {
            stopped(e);
        }
    }

    @Override
    public void on(IommuEntry entry) {
        if (entry instanceof IommuEntry.Fenced fenced) {
            fenced(fenced);
        } else if (entry instanceof IommuEntry.FlushEnd end && flushes.own() != null) {
            flushes.own().sids().forEach(sid -> returned(sid, end));
        }
    }

    @Override
    public void on(PcieEntry entry) {
        if (entry instanceof PcieEntry.FunctionReset r && r.ready()) {
            asked.remove(r.rid());
        }
    }

    private List<Asked> of(int sid) {
        return asked.get(sid, List.of());
    }

    private void put(int sid, List<Asked> all) {
        if (all.isEmpty()) {
            asked.remove(sid);
        } else {
            asked.put(sid, all);
        }
    }

    private void drop(int sid, Predicate<Asked> which) {
        List<Asked> now = of(sid);
        if (!now.isEmpty()) {
            put(sid, now.stream().filter(which.negate()).toList());
        }
    }

    private void sent(SmmuEntry.AtcInvSent s) {
        String strand = issuers.current();
        var more = new ArrayList<>(of(s.sid()));
        more.add(new Asked(s.itag(), strand, Fate.UNDER_WAY, false));
        put(s.sid(), List.copyOf(more));
    }

    /** What the strand that asked had against the stream is settled; to others it is a sign of life. */
    private void answered(int sid, int itag) {
        List<Asked> now = of(sid);
        if (now.size() == 1 && now.getFirst().waits(itag)) {
            asked.remove(sid);
            return;
        }
        String strand = null;
        for (Asked a : now) {
            strand = a.waits(itag) ? a.strand() : strand;
        }
        String who = strand;
        put(sid, now.stream()
                .filter(a -> !a.waits(itag) && (a.fate() == Fate.UNDER_WAY || !a.strand().equals(who)))
                .map(a -> new Asked(a.itag(), a.strand(), a.fate(), a.fate() != Fate.UNDER_WAY)).toList());
    }

    private void stopped(SmmuEntry.CmdqError error) {
        if (error.error() != CmdError.ATC_INV_SYNC) {
            return;
        }
        String issuer = issuers.current();
        for (int sid : hardware.streams()) {
            for (Asked a : of(sid)) {
                if (a.fate() == Fate.TIMED_OUT && !a.strand().equals(issuer)) {
                    broken(sid, "a time-out of what " + a.strand() + " asked stops the queue at a SYNC of "
                            + issuer, error);
                }
            }
            put(sid, of(sid).stream().map(a -> a.fate() == Fate.TIMED_OUT ? a.now(Fate.REPORTED) : a)
                    .distinct().toList());
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
        drop(sid, a -> a.strand().equals(strand) && a.fate() != Fate.UNDER_WAY);
    }

    private void broken(int sid, String what, Entry entry) {
        report.accept(new Violation(Property.P11, "sid 0x" + Integer.toHexString(sid), what, null, entry));
    }
}
