// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect;

import java.util.ArrayList;
import java.util.List;
import lazaret.smmuv3.Outcome;

/**
 * Queries put to recorded tables: how many end as they did on the machine, and those that do not.
 *
 * @param matches    that many end as they should
 * @param mismatches those that end otherwise
 * @param unmodelled those that met something not modelled
 */
public record Comparison(int matches, List<Mismatch> mismatches, List<Mismatch> unmodelled) {
    /** A query that does not end as it should, and its way. */
    public record Mismatch(Query query, Trail trail) { }

    public static Comparison of(Recording recording, List<Query> queries) {
        var mismatches = new ArrayList<Mismatch>();
        var unmodelled = new ArrayList<Mismatch>();
        var regs = recording.regs();
        for (Query query : queries) {
            Trail trail = Trail.follow(recording.memory(), regs, query.transaction());
            if (trail.result() == null) {
                unmodelled.add(new Mismatch(query, trail));
            } else if (!as(query, trail.result())) {
                mismatches.add(new Mismatch(query, trail));
            }
        }
        int matches = queries.size() - mismatches.size() - unmodelled.size();
        return new Comparison(matches, List.copyOf(mismatches), List.copyOf(unmodelled));
    }

    private static boolean as(Query query, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Translated t -> query.event() == null && t.pa() == query.pa();
            case Outcome.Refused r -> r.event() != null && r.event().id() == query.event();
            case Outcome.Stalled s -> s.event().id() == query.event();
            case Outcome.Answered _ -> false;
        };
    }
}
