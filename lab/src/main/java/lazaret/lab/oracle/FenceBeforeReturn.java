// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import lazaret.iommu.IommuEntry;
import lazaret.machine.Entry;
import lazaret.machine.Machine;
import lazaret.pcie.Pasid;
import lazaret.smmuv3.hw.SmmuEntry;

/**
 * P2. When a flush returns, each stream that was attached to its domain when it began, without PASID or
 * under one, has either answered an invalidation that covers the range and that PASID and was sent since
 * then, or is refused by the hardware. A stream that began to move to another domain before it was asked is
 * let go: its attach asks it for everything.
 */
final class FenceBeforeReturn implements Watch {
    private static final int WHOLE = 52;
    private static final int PAGES = 64;

    /**
     * What an open flush wants of one stream.
     *
     * @param space    where it is attached; an invalidation without PASID is for all of its PASIDs
     * @param itags    requests under way that would do, a bit for each tag
     * @param asked    the last of them, or null
     * @param answered has one of them been answered?
     */
    private record Question(String strand, Attachments.Space space, IommuEntry.FlushBegin flush, long itags,
            Entry asked, boolean answered) {
        int pasid() {
            return space.pasid();
        }

        Question sent(SmmuEntry.AtcInvSent inv) {
            long bit = 1L << inv.itag();
            return covers(inv) ? new Question(strand, space, flush, itags | bit, inv, answered)
                    : lost(inv.itag());
        }

        Question answeredBy(int itag) {
            return (itags >> itag & 1) == 0 ? this : new Question(strand, space, flush, 0, asked, true);
        }

        Question lost(int itag) {
            long bit = 1L << itag;
            return (itags & bit) == 0 ? this
                    : new Question(strand, space, flush, itags & ~bit, asked, answered);
        }

        /** As it is when this PASID of the stream begins to move. */
        Question moves(int which) {
            return pasid() == which && asked == null ? null : this;
        }

        private boolean covers(SmmuEntry.AtcInvSent inv) {
            if (inv.pasid() != Pasid.NONE && inv.pasid() != pasid()) {
                return false;
            }
            if (inv.size() >= WHOLE) {
                return true;
            }
            if (!space.direct()) {
                return false;
            }
            long span = Mapping.SIZE << inv.size();
            long base = inv.address() & -span;
            return flush.start() >= base && flush.last() <= base + span - 1;
        }
    }

    private final Hardware hardware;
    private final Flushes flushes;
    private final Attachments attachments;
    private final Consumer<Violation> report;
    private final Book<Integer, List<Question>> questions;

    FenceBeforeReturn(Machine machine, Hardware hardware, Flushes flushes, Attachments attachments,
            Consumer<Violation> report) {
        this.hardware = hardware;
        this.flushes = flushes;
        this.attachments = attachments;
        this.report = report;
        questions = new Book<>(machine, PAGES);
    }

    @Override
    public List<Ear<?>> ears() {
        return List.of(Ear.of(SmmuEntry.AtcInvSent.class, sent -> each(sent.sid(), q -> q.sent(sent))),
                Ear.of(SmmuEntry.AtcInvAnswered.class, a -> each(a.sid(), q -> q.answeredBy(a.itag()))),
                Ear.of(SmmuEntry.AtcInvUnsupported.class, a -> each(a.sid(), q -> q.answeredBy(a.itag()))),
                Ear.of(SmmuEntry.AtcInvTimedOut.class, none -> each(none.sid(), q -> q.lost(none.itag()))),
                Ear.of(IommuEntry.FlushBegin.class,
                        begin -> flushes.own().sids().forEach(sid -> began(sid, begin))),
                Ear.of(IommuEntry.FlushEnd.class, this::ended),
                Ear.of(IommuEntry.Attaching.class, moves -> moves.sids().forEach(
                        sid -> each(sid, q -> q.moves(Pasid.NONE)))),
                Ear.of(IommuEntry.PasidAttaching.class, moves -> moves.sids().forEach(
                        sid -> each(sid, q -> q.moves(moves.pasid())))),
                Ear.of(IommuEntry.Attached.class, moved -> moved.sids().forEach(
                        sid -> each(sid, q -> q.pasid() == Pasid.NONE ? null : q))),
                Ear.of(IommuEntry.PasidAttached.class, moved -> moved.sids().forEach(
                        sid -> each(sid, q -> q.pasid() == moved.pasid() ? null : q))),
                Ear.of(IommuEntry.Released.class, gone -> gone.sids().forEach(this::drop)));
    }

    private void ended(IommuEntry.FlushEnd end) {
        if (flushes.own() != null) {
            flushes.own().sids().forEach(sid -> returned(sid, end));
        }
    }

    private void drop(int sid) {
        each(sid, _ -> null);
    }

    private void each(int sid, UnaryOperator<Question> change) {
        Book.each(questions, sid, change);
    }

    private void began(int sid, IommuEntry.FlushBegin begin) {
        var more = new ArrayList<>(questions.get(sid, List.of()));
        for (Attachments.Space space : attachments.of(sid)) {
            if (space.domain().equals(begin.domain())) {
                more.add(new Question(flushes.strand(), space, begin, 0, null, false));
            }
        }
        more.sort(Comparator.comparing(Question::strand).thenComparingInt(Question::pasid));
        questions.put(sid, List.copyOf(more));
    }

    private void returned(int sid, IommuEntry.FlushEnd end) {
        String strand = flushes.strand();
        for (Question q : questions.get(sid, List.of())) {
            if (q.strand().equals(strand) && !q.answered() && !hardware.refusesAts(sid)) {
                report.accept(new Violation(Property.P2, "sid 0x" + Integer.toHexString(sid),
                        (q.asked() == null ? "the device was not asked" : "the device did not answer")
                                + " and the flush returned while the hardware still serves its ATS traffic",
                        q.asked() == null ? q.flush() : q.asked(), end));
            }
        }
        each(sid, q -> q.strand().equals(strand) ? null : q);
    }
}
