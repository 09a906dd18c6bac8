// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

/**
 * What an endpoint is made of: {@link #USUAL}, and what is to be different about it.
 *
 * @param atcSlots     how many translations its ATC holds
 * @param queue        how many invalidate requests it queues, 1 … 32, as its ATS capability says
 * @param ats          has the ATS capability
 * @param pri          has the PRI capability
 * @param pasidBits    width of its PASIDs, 0 without the capability
 * @param flr          can be reset by itself
 * @param flrUs        how long such a reset takes
 * @param af           has the advanced features capability, which offers the same reset once more
 * @param sleep        what its power management does
 * @param completionUs when it gives up a request that nobody answers; 0 for never
 * @param vfs          how many virtual functions it may have, see {@link Endpoint#virtual}
 */
public record EndpointParams(int atcSlots, int queue, boolean ats, boolean pri, int pasidBits, boolean flr,
        long flrUs, boolean af, Sleep sleep, long completionUs, int vfs) {
    /** Power management. */
    public enum Sleep {
        /** There is none. */
        NONE,
        /** Waking up from D3hot is a reset. */
        RESETS,
        /** Waking up from D3hot changes nothing. */
        KEEPS
    }

    /** 100 ms: software waits no less after an FLR. */
    public static final long FLR_US = 100_000;
    /** 10 ms: software waits no less after waking up a function from D3hot. */
    public static final long WAKE_US = 10_000;
    /** Eight translations, a full queue, every capability. */
    public static final EndpointParams USUAL =
            new EndpointParams(8, 32, true, true, 20, true, FLR_US, true, Sleep.RESETS, 0, 0);

    public EndpointParams {
        if (atcSlots < 1 || queue < 1 || queue > 32 || pasidBits < 0 || pasidBits > 20 || flrUs < 0
                || completionUs < 0 || vfs < 0) {
            throw new IllegalArgumentException("no such endpoint");
        }
    }

    /** The same without ATS, hence without PRI. */
    public EndpointParams withoutAts() {
        return new EndpointParams(atcSlots, queue, false, false, pasidBits, flr, flrUs, af, sleep,
                completionUs, vfs);
    }

    /** The same without PRI. */
    public EndpointParams withoutPri() {
        return new EndpointParams(atcSlots, queue, ats, false, pasidBits, flr, flrUs, af, sleep,
                completionUs, vfs);
    }

    /** The same without function level reset, of either kind. */
    public EndpointParams withoutFlr() {
        return new EndpointParams(atcSlots, queue, ats, pri, pasidBits, false, flrUs, false, sleep,
                completionUs, vfs);
    }

    /** The same with PASIDs of so many bits, 0 for none. */
    public EndpointParams pasidBits(int bits) {
        return new EndpointParams(atcSlots, queue, ats, pri, bits, flr, flrUs, af, sleep, completionUs,
                vfs);
    }

    /** The same with another size of ATC. */
    public EndpointParams atcSlots(int slots) {
        return new EndpointParams(slots, queue, ats, pri, pasidBits, flr, flrUs, af, sleep, completionUs,
                vfs);
    }

    /** The same with room for so many invalidate requests. */
    public EndpointParams queue(int requests) {
        return new EndpointParams(atcSlots, requests, ats, pri, pasidBits, flr, flrUs, af, sleep,
                completionUs, vfs);
    }

    /** The same with another power management. */
    public EndpointParams sleep(Sleep how) {
        return new EndpointParams(atcSlots, queue, ats, pri, pasidBits, flr, flrUs, af, how, completionUs,
                vfs);
    }

    /** The same, but it gives up a request that is not answered for so long. */
    public EndpointParams completionTimeout(long us) {
        return new EndpointParams(atcSlots, queue, ats, pri, pasidBits, flr, flrUs, af, sleep, us, vfs);
    }

    /** The same with so many virtual functions. */
    public EndpointParams virtualFunctions(int count) {
        return new EndpointParams(atcSlots, queue, ats, pri, pasidBits, flr, flrUs, af, sleep, completionUs,
                count);
    }
}
