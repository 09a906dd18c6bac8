// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

/**
 * Anything that takes steps: a CPU running kernel code, an interrupt on it, a worker, the SMMU's command
 * engine, a transaction in flight, an endpoint, time itself. Hardware agents implement it as plain state
 * machines; software runs on continuations behind it.
 *
 * @req R125
 */
public interface Strand {
    /** Unique in its machine, stable over runs: it stands in replay files. */
    String name();

    /** The column it is drawn in. An interrupt shares the lane of its CPU. */
    default String lane() {
        return name();
    }

    /**
     * May it step now? A function of cells and of what never changes, and of nothing else: hardware is asked
     * again only when a cell it looked at has changed. No side effects, no allocation.
     */
    boolean enabled();

    /** For software: what it was started with, its CPU's consent, see {@link Strands#start}. */
    default Condition consent() {
        return Condition.ALWAYS;
    }

    /** Takes one step. Called only when {@link #enabled}. */
    void step();

    /**
     * Does time wait for it? Healthy hardware acts before any time-out can fire, so while such a strand is
     * enabled the clock stands still. Software, idle endpoints and faulty devices have no such contract.
     */
    default boolean prompt() {
        return true;
    }
}
