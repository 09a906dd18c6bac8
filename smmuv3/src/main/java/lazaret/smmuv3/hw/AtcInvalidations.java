// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import lazaret.machine.Alarm;
import lazaret.machine.Log;
import lazaret.machine.Machine;
import lazaret.machine.Word;
import lazaret.machine.Words;
import lazaret.pcie.AtsSpan;
import lazaret.pcie.DownTlp;
import lazaret.pcie.Function;
import lazaret.pcie.Pasid;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.hw.SmmuParams.Absent;
import lazaret.smmuv3.hw.SmmuParams.AtcReport;

/**
 * The invalidate requests that one function owes an answer to. The lowest free ITag names the next request,
 * so an ITag given up after a time-out is soon another request's: an answer that comes too late may then end
 * the wrong one.
 *
 * @spec IHI0070 3.9.1
 * @req R122
 */
final class AtcInvalidations {
    private static final int ITAGS = 32;
    private static final long ALL = 0xffff_ffffL;

    private final Log log;
    private final int sid;
    private final Function function;
    private final AtcReport report;
    private final Absent absent;
    private final long timeoutUs;
    private final Machine machine;
    /** One bit for each ITag: sent, and neither answered nor given up. */
    private final Word waiting;
    /** One bit for each ITag: given up, and not reported often enough or not forgotten. */
    private final Word overdue;
    /** How many CMD_SYNCs have yet to fail for what was given up. */
    private final Word unreported;
    private final int reports;
    private final Words deadlines;
    private final Words answers;
    private final Alarm alarm;

    AtcInvalidations(Machine machine, SmmuParams params, int sid, Function function) {
        this.machine = machine;
        this.sid = sid;
        this.function = function;
        log = machine.log();
        report = params.atcReport();
        reports = report == AtcReport.REPORT_REPEATEDLY ? params.atcReports() : 1;
        absent = params.absent();
        timeoutUs = params.atcTimeoutUs();
        waiting = new Word(machine.undo());
        overdue = new Word(machine.undo());
        unreported = new Word(machine.undo());
        deadlines = new Words(machine.undo(), ITAGS);
        answers = new Words(machine.undo(), ITAGS);
        alarm = machine.clock().alarm("atc-inv 0x" + Integer.toHexString(sid));
    }

    /** May another request be sent? */
    boolean room() {
        return waiting.get() != ALL;
    }

    /** Sends the request that {@code inv} asks for. Only with {@link #room}. */
    void send(Command.AtcInv inv) {
        int itag = freeItag();
        int pasid = inv.ssv() ? inv.ssid() : Pasid.NONE;
        if (log.hears()) {
            log.add(new SmmuEntry.AtcInvSent(sid, pasid, inv.global(), inv.address(), inv.size(), itag));
        }
        if (absent == Absent.UNSUPPORTED && !function.listening()) {
            if (log.hears()) {
                log.add(new SmmuEntry.AtcInvUnsupported(sid, itag));
            }
            return;
        }
        waiting.set(waiting.get() | 1L << itag);
        deadlines.set(itag, machine.clock().now() + timeoutUs);
        if (!alarm.armed()) {
            alarm.arm(timeoutUs);
        }
        function.receive(new DownTlp.InvalidateRequest(itag, pasid, inv.global(),
                AtsSpan.encode(inv.address(), inv.size())));
    }

    /**
     * The lowest one that means nothing; if there is none, the lowest one given up, which may be used again.
     */
    private int freeItag() {
        long meaningless = ALL & ~(waiting.get() | overdue.get());
        return Long.numberOfTrailingZeros(meaningless != 0 ? meaningless : ~waiting.get());
    }

    /** The function says that the requests of {@code vector} are done; all its earlier writes have landed. */
    void answered(int vector, int cc) {
        int expected = cc == 0 ? 8 : cc;
        for (long left = vector & ALL; left != 0; left &= left - 1) {
            int itag = Long.numberOfTrailingZeros(left);
            long bit = 1L << itag;
            if ((waiting.get() & bit) != 0) {
                collect(itag, expected);
            } else if (!late(bit)) {
                unexpected(itag);
            }
        }
    }

    private void collect(int itag, int expected) {
        long collected = answers.get(itag) + 1;
        answers.set(itag, collected);
        if (collected != expected) {
            return;
        }
        over(itag);
        rearm();
        if (log.hears()) {
            log.add(new SmmuEntry.AtcInvAnswered(sid, itag));
        }
    }

    /** Nobody waits for it any more, and what was noted of it means nothing. */
    private void over(int itag) {
        waiting.set(waiting.get() & ~(1L << itag));
        deadlines.set(itag, 0);
        answers.set(itag, 0);
    }

    /** After the time-out, but somebody still remembers. */
    private boolean late(long bit) {
        if (report != AtcReport.REPORT_WHILE_PENDING || (overdue.get() & bit) == 0) {
            return false;
        }
        overdue.set(overdue.get() & ~bit);
        if (log.hears()) {
            log.add(new SmmuEntry.AtcInvLate(sid, Long.numberOfTrailingZeros(bit)));
        }
        return true;
    }

    private void unexpected(int itag) {
        if (log.hears()) {
            log.add(new SmmuEntry.AtcInvUnexpected(sid, itag));
        }
    }

    /** Is a request's time over? */
    boolean due() {
        return alarm.due();
    }

    /** Gives up one request whose time is over. */
    void giveUp() {
        long now = machine.clock().now();
        for (long left = waiting.get(); left != 0; left &= left - 1) {
            int itag = Long.numberOfTrailingZeros(left);
            if (deadlines.get(itag) <= now) {
                over(itag);
                overdue.set(overdue.get() | 1L << itag);
                unreported.set(reports);
                if (log.hears()) {
                    log.add(new SmmuEntry.AtcInvTimedOut(sid, itag));
                }
                break;
            }
        }
        rearm();
    }

    private void rearm() {
        if (!waiting.test()) {
            alarm.cancel();
            return;
        }
        long earliest = Long.MAX_VALUE;
        for (long left = waiting.get(); left != 0; left &= left - 1) {
            earliest = Math.min(earliest, deadlines.get(Long.numberOfTrailingZeros(left)));
        }
        alarm.armAt(earliest);
    }

    /** Must a CMD_SYNC that waits now fail? */
    boolean fails() {
        return switch (report) {
            case REPORT_ONCE, REPORT_REPEATEDLY -> unreported.test();
            case REPORT_WHILE_PENDING -> unreported.test() || overdue.test();
            case NEVER_COMPLETES -> false;
        };
    }

    /** Must a CMD_SYNC go on waiting? */
    boolean holds() {
        return waiting.test() || report == AtcReport.NEVER_COMPLETES && overdue.test();
    }

    /** A CMD_SYNC has failed because of what timed out. */
    void reported() {
        unreported.set(Math.max(0, unreported.get() - 1));
        if (report != AtcReport.REPORT_WHILE_PENDING && !unreported.test()) {
            overdue.set(0);
        }
    }

    /** The function was reset: what it never answered is no longer expected of it. */
    void functionReset() {
        if (report == AtcReport.REPORT_WHILE_PENDING) {
            overdue.set(0);
        }
    }

    /** Requests sent and neither answered nor given up. */
    int outstanding() {
        return Long.bitCount(waiting.get());
    }
}
