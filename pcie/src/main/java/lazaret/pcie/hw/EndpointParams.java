// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

/**
 * What an endpoint is made of.
 *
 * @param atcSlots  how many translations its ATC holds
 * @param queue     how many invalidate requests it queues, 1 … 32, as its ATS capability says
 * @param ats       has the ATS capability
 * @param pri       has the PRI capability; it never sends page requests yet
 * @param pasidBits width of its PASIDs, 0 without the capability; its DMA carries none yet
 * @param flr       can be reset by itself
 * @param flrUs     how long such a reset takes
 */
public record EndpointParams(int atcSlots, int queue, boolean ats, boolean pri, int pasidBits, boolean flr,
        long flrUs) {
    /** 100 ms: software waits no less after an FLR. */
    public static final long FLR_US = 100_000;
    /** Eight translations, a full queue, every capability. */
    public static final EndpointParams USUAL = new EndpointParams(8, 32, true, true, 20, true, FLR_US);

    public EndpointParams {
        if (atcSlots < 1 || queue < 1 || queue > 32 || pasidBits < 0 || pasidBits > 20 || flrUs < 0) {
            throw new IllegalArgumentException("no such endpoint");
        }
    }

    /** The same without ATS, hence without PRI. */
    public EndpointParams withoutAts() {
        return new EndpointParams(atcSlots, queue, false, false, pasidBits, flr, flrUs);
    }

    /** The same without function level reset. */
    public EndpointParams withoutFlr() {
        return new EndpointParams(atcSlots, queue, ats, pri, pasidBits, false, flrUs);
    }

    /** The same with another size of ATC. */
    public EndpointParams atcSlots(int slots) {
        return new EndpointParams(slots, queue, ats, pri, pasidBits, flr, flrUs);
    }
}
