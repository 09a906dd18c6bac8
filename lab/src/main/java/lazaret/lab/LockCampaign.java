// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lazaret.kernel.LockOrder;

/**
 * The orders of locks over all runs of a stage. A run is judged by its own orders (P9), so that it can be
 * repeated alone. Two orders that go against each other and that no single run had are no finding that a
 * replay could show: they are told with the runs they come from.
 */
final class LockCampaign {
    private static final String ARROW = " → ";

    private final LockOrder order;
    private final Set<Long> known = new LinkedHashSet<>();
    /** Each edge and the run that took it first. */
    private final Map<String, Integer> edges = new LinkedHashMap<>();
    /** Those that one run took together with their opposite: a finding of that run. */
    private final Set<String> together = new LinkedHashSet<>();
    private int runs;

    LockCampaign(LockOrder order) {
        this.order = order;
    }

    /** Boot is over. */
    void mark() {
        collect();
        order.mark();
    }

    /** Another run begins: notes what the one before took, and forgets it. */
    void next() {
        collect();
        order.rollback();
        runs++;
    }

    /** Pairs of orders that go against each other, each from another run. */
    List<String> conflicts() {
        collect();
        var told = new ArrayList<String>();
        edges.forEach((edge, run) -> {
            String[] ends = edge.split(ARROW);
            Integer other = edges.get(ends[1] + ARROW + ends[0]);
            if (other != null && ends[0].compareTo(ends[1]) < 0 && !together.contains(edge)) {
                told.add("lock order: " + edge + " in run " + run + ", " + ends[1] + ARROW + ends[0]
                        + " in run " + other + ", both in none");
            }
        });
        return told;
    }

    private void collect() {
        if (known.add(order.fingerprint())) {
            List<String> taken = order.edges();
            for (String edge : taken) {
                edges.putIfAbsent(edge, runs);
                String[] ends = edge.split(ARROW);
                if (taken.contains(ends[1] + ARROW + ends[0])) {
                    together.add(edge);
                }
            }
        }
    }
}
