// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import lazaret.machine.Chance;

/**
 * Makes a failing run plainer without asking why it fails: each try is a whole run, and counts only when it
 * fails in the same way. First departures from the default are dropped, by halves and down to single ones
 * (delta debugging), once as long as that makes the run plainer and once as far as it goes. Then all runs
 * with one departure are tried as far as the budget allows: what delta debugging leaves is a local minimum.
 */
public final class Minimise {
    /** Rolls back, runs once, and ends at the failure. */
    @FunctionalInterface
    public interface Program {
        /**
         * @param limit after so many steps nobody is interested any more
         * @return whether the run failed in the way that is being explained
         */
        boolean fails(Chance chance, int limit);
    }

    /**
     * What came of it.
     *
     * @param departures of the plainest run found, for {@link Course}
     * @param turns      the same by number, for {@link Exact}
     * @param from       what the original run asked of a reader
     * @param to         what this one asks
     * @param runs       how many runs that took
     */
    public record Plainest(List<Departure> departures, List<Exact.Turn> turns, Cost from, Cost to,
            int runs) { }

    /** A run may be so much longer than the best one, which is hardly ever plainer. */
    private static final int SLACK = 5;

    private final Program program;
    private final long budget;
    private final Set<List<Departure>> tried = new LinkedHashSet<>();
    private Logbook best;
    private long steps;
    private int runs;

    private Minimise(Program program, long budget) {
        this.program = program;
        this.budget = budget;
    }

    /**
     * @param original decides the run that fails; decided anew by its own rule, it must fail again
     * @param budget   how many steps all tries together may take, about: what bounds the time it takes and
     *                 is the same everywhere
     * @throws IllegalArgumentException when the original does not fail
     */
    public static Plainest of(Program program, Chance original, long budget) {
        var minimise = new Minimise(program, budget);
        var first = new Logbook(original);
        if (!program.fails(first, Integer.MAX_VALUE)) {
            throw new IllegalArgumentException("there is nothing to explain: the run does not fail");
        }
        Logbook best = minimise.plainest(first);
        return new Plainest(best.departures(), best.turns(), first.cost(), best.cost(), minimise.runs);
    }

    private Logbook plainest(Logbook first) {
        best = first;
        Logbook anchored = attempt(first.departures());
        if (anchored != null) {
            shrink(anchored, true);
            shrink(anchored, false);
        }
        Logbook straight = attempt(List.of());
        if (straight != null) {
            shrink(straight, true);
        }
        below();
        return best;
    }

    /** Drops departures by delta debugging until none can be spared. */
    private void shrink(Logbook from, boolean onlyPlainer) {
        Logbook now = from;
        int parts = 2;
        while (parts <= now.departures().size() && affordable()) {
            Logbook less = dropOne(now, parts, onlyPlainer);
            int most = now.departures().size();
            if (less != null) {
                now = less;
                parts = Math.max(parts - 1, 2);
            } else if (parts == most) {
                return;
            } else {
                parts = Math.min(parts * 2, most);
            }
        }
    }

    /** Cuts the departures into so many parts and drops the first part that can be spared. */
    private Logbook dropOne(Logbook now, int parts, boolean onlyPlainer) {
        List<Departure> all = now.departures();
        for (int i = 0; i < parts; i++) {
            var rest = new ArrayList<>(all.subList(0, all.size() * i / parts));
            rest.addAll(all.subList(all.size() * (i + 1) / parts, all.size()));
            Logbook less = attempt(rest);
            boolean plainer = less != null && less.cost().compareTo(now.cost()) < 0;
            if (plainer || less != null && !onlyPlainer && less.departures().size() < all.size()) {
                return less;
            }
        }
        return null;
    }

    /** Runs with one departure, of idle devices first: few enough to try most of them. */
    private void below() {
        var places = new Places(new Course(List.of()));
        runs++;
        program.fails(places, patience());
        for (Departure departure : places.latestFirst()) {
            attempt(List.of(departure));
        }
    }

    /** One run; null when it does not fail, was tried before, or nothing is left of the budget. */
    private Logbook attempt(List<Departure> departures) {
        if (steps >= budget || !tried.add(departures)) {
            return null;
        }
        var book = new Logbook(new Course(departures));
        boolean fails = program.fails(book, patience());
        runs++;
        steps += book.cost().steps();
        if (fails && book.cost().compareTo(best.cost()) < 0) {
            best = book;
        }
        return fails ? book : null;
    }

    private int patience() {
        return best.cost().steps() + SLACK;
    }

    private boolean affordable() {
        return steps < budget;
    }
}
