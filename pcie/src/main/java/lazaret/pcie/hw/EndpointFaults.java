// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

/**
 * What is wrong with an endpoint; {@link #NONE} and a chain of the methods that say what is: {@code
 * NONE.neverAnswersAtcInv().flr(KEEPS_ATC)}. An endpoint may change for the worse while it runs, see {@link
 * Endpoint#becomes}; removal and sudden death are calls, {@link Endpoint#remove} and {@link Endpoint#die}.
 *
 * @param answers  how it answers invalidate requests
 * @param lateUs   with {@link Answers#LATE}: how long after its arrival a request is answered, in µs
 * @param diesAt   how many DMA operations it begins, once it is like this, before it dies; or {@link #NEVER}
 * @param flr      what a function level reset does to it
 * @param flrHeals whether all but {@code flr}, {@code atsOff} and {@code heldUs} is cured by a successful one
 * @param atsOff   what it does with invalidate requests while its ATS is disabled
 * @param heldUs   how long a switch above it holds each TLP back, in µs, or {@link #HELD}; 0 for not at all
 * @param defects  {@link Defect}s, one bit each by ordinal
 * @req R123
 */
public record EndpointFaults(Answers answers, long lateUs, int diesAt, Flr flr, boolean flrHeals,
        AtsOff atsOff, long heldUs, int defects) {
    /** How invalidate requests are answered. */
    public enum Answers {
        /** Once, by the book. */
        ONCE,
        /** Consumed without effect and without answer. */
        NEVER,
        /** By the book, but begun only when its delay is over; until then the ATC stays in use. */
        LATE,
        /** A second completion follows the first. */
        TWICE,
        /** The completion names the next ITag. */
        WRONG_ITAG,
        /** Two completions are announced, one is sent. */
        TOO_FEW,
        /** Like {@link #ONCE} or like {@link #NEVER}: a choice for each request. */
        MAYBE
    }

    /** What a function level reset does. */
    public enum Flr {
        /** Resets it; invalidate requests that meet the reset are answered. */
        OK,
        /** It does not come back. */
        NEVER_READY,
        /** It comes back with its translations, and keeps them when ATS is enabled again. */
        KEEPS_ATC,
        /** Resets it; invalidate requests that meet the reset vanish. */
        SILENT_DURING
    }

    /** What becomes of invalidate requests while ATS is disabled. */
    public enum AtsOff { ANSWERS, SILENT }

    /** Rules of translation caches that may be broken. */
    public enum Defect {
        /** Invalidations are answered, the translations stay. */
        ACK_WITHOUT_INVALIDATE,
        /** Translations that an invalidation crossed on their way are kept. */
        INSTALLS_STALE_COMPLETIONS,
        /** Invalidations are answered before earlier writes are sent, and pass those that a switch holds. */
        COMPLETION_OVERTAKES_WRITES,
        /** Translations are kept and used after ATS was disabled. */
        IGNORES_ATS_DISABLE,
        /** Invalidate requests for a PASID that the function cannot have are not answered. */
        SILENT_ON_FOREIGN_PASID,
        /** It sends as many page requests as it likes, whatever software allotted. */
        IGNORES_PAGE_CREDITS,
        /** A request has the tag of the one before it, also of one that was given up. */
        REUSES_TAGS
    }

    /** For {@link #diesAt}: lives for ever. */
    public static final int NEVER = -1;
    /** For {@link #heldUs}: until {@link Endpoint#release}. */
    public static final long HELD = Long.MAX_VALUE;
    /** A sound endpoint. */
    public static final EndpointFaults NONE =
            new EndpointFaults(Answers.ONCE, 0, NEVER, Flr.OK, true, AtsOff.ANSWERS, 0, 0);

    public EndpointFaults {
        if (lateUs < 0 || heldUs < 0 || diesAt < NEVER || (answers == Answers.LATE) != lateUs > 0) {
            throw new IllegalArgumentException("no such fault");
        }
    }

    public EndpointFaults neverAnswersAtcInv() {
        return answers(Answers.NEVER);
    }

    /** @param us more than the root's time-out, or it is not late but slow */
    public EndpointFaults answersLate(long us) {
        return new EndpointFaults(Answers.LATE, us, diesAt, flr, flrHeals, atsOff, heldUs, defects);
    }

    /** Any way to answer but {@link Answers#LATE}. */
    public EndpointFaults answers(Answers how) {
        return new EndpointFaults(how, 0, diesAt, flr, flrHeals, atsOff, heldUs, defects);
    }

    public EndpointFaults ackWithoutInvalidate() {
        return with(Defect.ACK_WITHOUT_INVALIDATE);
    }

    public EndpointFaults installsStaleCompletions() {
        return with(Defect.INSTALLS_STALE_COMPLETIONS);
    }

    public EndpointFaults diesAt(int operation) {
        return new EndpointFaults(answers, lateUs, operation, flr, flrHeals, atsOff, heldUs, defects);
    }

    public EndpointFaults flr(Flr how) {
        return new EndpointFaults(answers, lateUs, diesAt, how, flrHeals, atsOff, heldUs, defects);
    }

    /** A function level reset cures nothing. */
    public EndpointFaults incurable() {
        return new EndpointFaults(answers, lateUs, diesAt, flr, false, atsOff, heldUs, defects);
    }

    public EndpointFaults silentWithAtsOff() {
        return new EndpointFaults(answers, lateUs, diesAt, flr, flrHeals, AtsOff.SILENT, heldUs, defects);
    }

    /**
     * A switch above holds back what the endpoint sends, in order, each TLP for that long or {@link #HELD}.
     */
    public EndpointFaults postedWritesHeld(long us) {
        return new EndpointFaults(answers, lateUs, diesAt, flr, flrHeals, atsOff, us, defects);
    }

    public EndpointFaults with(Defect defect) {
        int more = defects | 1 << defect.ordinal();
        return new EndpointFaults(answers, lateUs, diesAt, flr, flrHeals, atsOff, heldUs, more);
    }

    public boolean has(Defect defect) {
        return (defects >>> defect.ordinal() & 1) != 0;
    }

    /** What is left after a successful function level reset. */
    EndpointFaults afterFlr() {
        return flrHeals ? new EndpointFaults(Answers.ONCE, 0, NEVER, flr, true, atsOff, heldUs, 0) : this;
    }

    /** Only what differs from {@link #NONE}, for people. */
    @Override
    public String toString() {
        var text = new StringBuilder();
        note(text, answers != Answers.ONCE, "answers " + answers);
        note(text, lateUs > 0, "by " + lateUs + " µs");
        note(text, diesAt != NEVER, "dies at operation " + diesAt);
        note(text, flr != Flr.OK, "FLR " + flr);
        note(text, !flrHeals, "incurable");
        note(text, atsOff != AtsOff.ANSWERS, "silent with ATS off");
        note(text, heldUs > 0, "posted writes held " + (heldUs == HELD ? "until released" : heldUs + " µs"));
        for (Defect defect : Defect.values()) {
            note(text, has(defect), defect.name());
        }
        return text.isEmpty() ? "sound" : text.toString();
    }

    private static void note(StringBuilder text, boolean differs, String what) {
        if (differs) {
            text.append(text.isEmpty() ? "" : ", ").append(what);
        }
    }
}
