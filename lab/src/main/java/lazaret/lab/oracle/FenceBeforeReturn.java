// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import lazaret.iommu.IommuEntry;
import lazaret.machine.Entry;
import lazaret.machine.Machine;
import lazaret.machine.Ref;
import lazaret.smmuv3.hw.SmmuEntry;

/**
 * P2. When a flush returns, each stream that was attached to its domain since before it began has either
 * answered an invalidation that covers the range and was sent since then, or is refused by the hardware.
 */
final class FenceBeforeReturn implements Watch {
    private static final int WHOLE = 52;

    private record Inv(SmmuEntry.AtcInvSent sent, long seq, boolean answered) {
        boolean covers(long start, long last) {
            if (sent.size() >= WHOLE) {
                return true;
            }
            long span = 4096L << sent.size();
            long base = sent.address() & -span;
            return start >= base && last <= base + span - 1;
        }
    }

    private final Hardware hardware;
    private final Flushes flushes;
    private final Attachments attachments;
    private final Consumer<Violation> report;
    private final Ref<List<Inv>> invs;

    FenceBeforeReturn(Machine machine, Hardware hardware, Flushes flushes, Attachments attachments,
            Consumer<Violation> report) {
        this.hardware = hardware;
        this.flushes = flushes;
        this.attachments = attachments;
        this.report = report;
        invs = new Ref<>(machine.undo(), List.of());
    }

    @Override
    public void on(SmmuEntry entry) {
        if (entry instanceof SmmuEntry.AtcInvSent sent) {
            sent(sent);
        } else if (entry instanceof SmmuEntry.AtcInvAnswered answer) {
            answered(answer.sid(), answer.itag());
        } else if (entry instanceof SmmuEntry.AtcInvUnsupported answer) {
            answered(answer.sid(), answer.itag());
        }
    }

    @Override
    public void on(IommuEntry entry) {
        if (entry instanceof IommuEntry.FlushEnd end) {
            returned(end);
        }
    }

    private void sent(SmmuEntry.AtcInvSent sent) {
        if (flushes.open().isEmpty()) {
            return;
        }
        var next = new ArrayList<>(invs.get());
        next.add(new Inv(sent, flushes.seq(), false));
        invs.set(List.copyOf(next));
    }

    private void answered(int sid, int itag) {
        var next = new ArrayList<>(invs.get());
        for (int i = next.size() - 1; i >= 0; i--) {
            Inv inv = next.get(i);
            if (!inv.answered() && inv.sent().sid() == sid && inv.sent().itag() == itag) {
                next.set(i, new Inv(inv.sent(), inv.seq(), true));
                invs.set(List.copyOf(next));
                return;
            }
        }
    }

    private void returned(IommuEntry.FlushEnd end) {
        Flushes.Open began = flushes.ended();
        if (began != null) {
            for (Attachments.Attachment a : attachments.all()) {
                if (a.domain().equals(end.domain()) && a.seq() < began.seq()) {
                    judge(a.sid(), began, end);
                }
            }
        }
        if (flushes.open().isEmpty()) {
            invs.set(List.of());
        }
    }

    private void judge(int sid, Flushes.Open began, IommuEntry.FlushEnd end) {
        Entry asked = null;
        for (Inv inv : invs.get()) {
            if (inv.sent().sid() == sid && inv.seq() > began.seq() && inv.covers(end.start(), end.last())) {
                if (inv.answered()) {
                    return;
                }
                asked = inv.sent();
            }
        }
        if (!hardware.refusesAts(sid)) {
            report.accept(new Violation(Property.P2, "sid 0x" + Integer.toHexString(sid),
                    (asked == null ? "the device was not asked" : "the device did not answer")
                            + " and the flush returned while the hardware still serves its ATS traffic",
                    asked == null ? began.begin() : asked, end));
        }
    }
}
