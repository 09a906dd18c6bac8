// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lazaret.explore.Course;
import lazaret.explore.Departure;
import lazaret.explore.Pct;
import lazaret.explore.Places;
import lazaret.explore.RandomWalk;
import lazaret.explore.Replayer;
import lazaret.lab.story.Line;
import lazaret.machine.Chance;

/**
 * What must come before what for a finding to show. Learnt from runs, not proved: of the orders that the
 * counterexample has and other runs have not, the fewest that tell those that pass apart from it. So they
 * explain; and as they name events and not choices, they outlive changes of the code.
 */
public final class Constraints {
    private static final int DEPTH = 3;
    private static final int DECISIONS = 200;
    /** A prime that is no divisor of their number walks over all of them. */
    private static final int STRIDE = 7919;

    private Constraints() { }

    /** The fewest orders that no passing neighbour keeps to; the most telling one first. */
    public static List<Constraint> of(Counterexample example, Neighbours neighbours) {
        List<Constraint> candidates = candidates(example);
        var passing = new ArrayList<>(neighbours.all().stream().filter(n -> !n.breaks()).toList());
        var failing = neighbours.all().stream().filter(Neighbours.Neighbour::breaks).toList();
        var chosen = new ArrayList<Constraint>();
        while (!passing.isEmpty()) {
            Constraint best = null;
            long most = 0;
            for (Constraint c : candidates) {
                long excluded = passing.stream().filter(n -> !c.holds(n.events())).count();
                long kept = failing.stream().filter(n -> c.holds(n.events())).count();
                if (excluded > 0 && excluded * 1000 + kept >= most) {
                    best = c;
                    most = excluded * 1000 + kept;
                }
            }
            if (best == null) {
                return chosen;
            }
            Constraint next = best;
            chosen.add(next);
            passing.removeIf(n -> !next.holds(n.events()));
        }
        return chosen;
    }

    /** Orders between lanes, of what the story tells; those near the end last. */
    private static List<Constraint> candidates(Counterexample example) {
        List<Event> events = Event.of(example.finding().moments());
        List<Event> told = Teller.lines(example).stream().filter(l -> l.folded() == 0).map(Line::moment)
                .map(m -> events.get(example.finding().moments().indexOf(m))).filter(e -> e != null).toList();
        var candidates = new ArrayList<Constraint>();
        for (int j = 1; j < told.size(); j++) {
            for (int i = 0; i < j; i++) {
                if (!told.get(i).lane().equals(told.get(j).lane())) {
                    candidates.add(new Constraint(told.get(i), told.get(j)));
                }
            }
        }
        Event first = marked(example, events, 1);
        Event second = marked(example, events, 2);
        if (first != null && second != null) {
            candidates.add(new Constraint(first, second));      // says most, so it goes before its equals
        }
        return candidates;
    }

    private static Event marked(Counterexample example, List<Event> events, int mark) {
        return Teller.lines(example).stream().filter(l -> l.mark() == mark).findFirst()
                .map(l -> events.get(example.finding().moments().indexOf(l.moment()))).orElse(null);
    }

    /**
     * A run that keeps to all of {@code constraints} and shows {@code what}: the default first, then one
     * departure, then random ones.
     *
     * @param tries how many runs to make at most
     */
    public static Optional<Counterexample> search(Stage stage, Sameness what, List<Constraint> constraints,
            int tries) {
        var places = new Places(new Course(List.of()));
        stage.run(places, Plan.STEPS);
        for (int i = 0; i < tries; i++) {
            Stage.Told told = stage.tell(what, chance(i, tries, places.alternatives()), Plan.STEPS);
            List<Event> events = Event.of(told.story().moments());
            if (what.in(told.judged().violations()) != null
                    && constraints.stream().allMatch(c -> c.holds(events))) {
                return Counterexample.of(stage, what, new Replayer(told.choices()),
                        "a search by constraints, run " + i);
            }
        }
        return Optional.empty();
    }

    /** The default, then for half of the tries one departure, from all over the run, then by chance. */
    private static Chance chance(int i, int tries, List<Departure> alternatives) {
        if (i == 0 || alternatives.isEmpty()) {
            return i == 0 ? new Course(List.of()) : new RandomWalk(i);
        }
        if (i < tries / 2) {
            return new Course(List.of(alternatives.get((int) ((long) i * STRIDE % alternatives.size()))));
        }
        return i % 2 == 0 ? new RandomWalk(i) : new Pct(i, DEPTH, DECISIONS);
    }
}
