// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.pcie.CplStatus;

/** What becomes of a transaction. */
public sealed interface Outcome {
    /**
     * It goes to {@code pa}; {@code by} says why, {@link Translation#IDENTITY} where nothing translated it.
     */
    record Translated(long pa, Translation by) implements Outcome { }

    /**
     * It ends here.
     *
     * @param event what to record, or null: silence
     * @param abort false: reads give zero and writes are ignored, the device sees no error
     */
    record Refused(Event event, boolean abort) implements Outcome { }

    /** It waits for software, which reads so in {@code event}; the STAG is for hardware to choose. */
    record Stalled(Event event) implements Outcome { }

    /**
     * It was a translation request and this is the completion.
     *
     * @param entry the word of a successful completion
     * @param event what to record, or null: silence
     */
    record Answered(CplStatus status, long entry, Event event) implements Outcome { }
}
