// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.List;
import java.util.Map;
import lazaret.lab.oracle.Property;

/**
 * What came of running a scenario under a design.
 *
 * @param runs     how many runs were made
 * @param steps    of all runs together
 * @param broken   how many runs broke a property
 * @param finding  the clearest of them: lowest property, then least virtual time, switches, steps; null when
 *                 there is none
 * @param unknowns why runs were inconclusive, each reason once
 * @param beyond   properties the scenario says no design can uphold, with the reason
 * @param digest   hash over the digests of all runs
 */
public record Report(String scenario, String design, Plan plan, int runs, long steps, int broken,
        Finding finding,
        List<String> unknowns, Map<Property, String> beyond, long digest) {
    /** The four things a run can say. A crash is an exception. */
    public enum Outcome { UPHELD, FINDING, INCONCLUSIVE }

    public Outcome outcome() {
        if (finding != null) {
            return Outcome.FINDING;
        }
        return unknowns.isEmpty() ? Outcome.UPHELD : Outcome.INCONCLUSIVE;
    }

    /** Was the property broken that the scenario itself calls out of reach? */
    public boolean expected() {
        return finding != null && beyond.containsKey(finding.violation().property());
    }
}
