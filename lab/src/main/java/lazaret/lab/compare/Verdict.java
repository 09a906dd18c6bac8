// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.compare;

import lazaret.explore.Cost;
import lazaret.lab.Counterexample;
import lazaret.lab.Scenario;
import lazaret.lab.oracle.Property;

/**
 * What came of a property under a design.
 *
 * @param breaker   the scenario that breaks it most plainly, null if none did
 * @param example   how, null with it
 * @param complete  how many scenarios were explored to the end with respect to it
 * @param scenarios how many were looked at
 */
public record Verdict(Property property, Scenario breaker, Counterexample example, int complete,
        int scenarios) {
    public boolean broken() {
        return breaker != null;
    }

    /**
     * How often the counterexample departs from the default schedule: who acts, not what happens. The
     * plainest run may do so more often than the one it was made from.
     */
    public int preemptions() {
        return Math.min(preemptions(example.cost()), preemptions(example.original()));
    }

    private static int preemptions(Cost cost) {
        return cost.departures() - cost.picks();
    }
}
