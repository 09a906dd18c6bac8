// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.pcie.CplStatus;

/** How a {@link Walk} has ended, to be read before that begins another one. {@link Outcome} is the value. */
public final class Verdict {
    /** What becomes of a transaction. */
    public enum End {
        /** Not known yet. */
        OPEN,
        /** It goes to {@link #pa}. */
        TRANSLATED,
        /** It ends here, see {@link #aborts}. */
        REFUSED,
        /** It waits for software. */
        STALLED,
        /** It was a translation request: {@link #status} and {@link #entry}. */
        ANSWERED
    }

    private End end = End.OPEN;
    private long result;
    private boolean aborts;
    private CplStatus status;
    private boolean recorded;
    private long w0;
    private long w1;
    private long w2;
    private long w3;

    public End end() {
        return end;
    }

    /** Where it goes, if TRANSLATED. */
    public long pa() {
        return result;
    }

    /** If REFUSED: does the device see an error? If not, reads give zero and writes are ignored. */
    public boolean aborts() {
        return aborts;
    }

    /** If ANSWERED. */
    public CplStatus status() {
        return status;
    }

    /** If ANSWERED: the word of a successful completion. */
    public long entry() {
        return result;
    }

    /** Is there an event to record? If STALLED there is. */
    public boolean recorded() {
        return recorded;
    }

    /** A word of that event. */
    public long event(int word) {
        return switch (word) {
            case 0 -> w0;
            case 1 -> w1;
            case 2 -> w2;
            case 3 -> w3;
            default -> throw new IndexOutOfBoundsException(word);
        };
    }

    /** That event as a value, null if there is none. */
    public Event event() {
        return recorded ? Event.decode(w0, w1, w2, w3) : null;
    }

    /** As a value. @param by what translated it */
    Outcome outcome(Translation by) {
        return switch (end) {
            case TRANSLATED -> new Outcome.Translated(result, by);
            case REFUSED -> new Outcome.Refused(event(), aborts);
            case STALLED -> new Outcome.Stalled(event());
            case ANSWERED -> new Outcome.Answered(status, result, event());
            case OPEN -> throw new IllegalStateException("not done");
        };
    }

    void open() {
        end = End.OPEN;
        recorded = false;
    }

    void translated(long pa) {
        result = pa;
        end = End.TRANSLATED;
    }

    void refused(boolean abort) {
        aborts = abort;
        end = End.REFUSED;
    }

    void stalled() {
        end = End.STALLED;
    }

    void answered(CplStatus with, long entry) {
        status = with;
        result = entry;
        end = End.ANSWERED;
    }

    void record(Event event) {
        w0 = event.w0();
        w1 = event.w1();
        w2 = event.w2();
        w3 = event.w3();
        recorded = true;
    }
}
