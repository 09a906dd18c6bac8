// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import lazaret.explore.Causes;
import lazaret.explore.Cost;
import lazaret.explore.Course;
import lazaret.explore.Departure;
import lazaret.explore.Exact;
import lazaret.explore.Follow;
import lazaret.explore.Logbook;
import lazaret.explore.Minimise;
import lazaret.explore.Replayer;
import lazaret.lab.story.Moment;
import lazaret.machine.Chance;
import lazaret.machine.Entry;

/**
 * A run that shows a finding and ends there.
 *
 * @param what       what it shows
 * @param causes     what caused what in it
 * @param departures how it departs from the default, for {@link lazaret.explore.Course}
 * @param turns      the same by number, for {@link Exact}
 * @param cost       what it asks of a reader
 * @param original   what the run asked that it was made from; equal to {@code cost} if none was
 * @param tries      how many runs were made to get it
 */
public record Counterexample(Finding finding, Sameness what, Causes causes,
        List<Departure> departures, List<Exact.Turn> turns, Cost cost, Cost original, int tries) {
    /** Steps of all tries together; `bench/run minimise` says what time that is. */
    private static final long BUDGET = 40_000;

    /** The finding as it was found. */
    public static Counterexample raw(Stage stage, Finding found) {
        Sameness what = Sameness.of(found.violation());
        return of(stage, what, new Replayer(found.choices()), found.origin()).orElseThrow(
                () -> new IllegalStateException("a finding does not show again: " + what));
    }

    /** The plainest run that shows the same. */
    public static Counterexample plainest(Stage stage, Finding found) {
        Sameness what = Sameness.of(found.violation());
        Minimise.Plainest plainest = Minimise.of(
                (chance, limit) -> what.in(stage.seek(what, chance, limit).violations()) != null,
                new Replayer(found.choices()), BUDGET);
        Counterexample shown = of(stage, what, new Exact(plainest.turns()), found.origin())
                .orElseThrow(() -> new IllegalStateException("a plainer run does not show " + what))
                .together(stage);
        return new Counterexample(shown.finding(), what, shown.causes(), shown.departures(), shown.turns(),
                shown.cost(), plainest.from(), plainest.runs());
    }

    /** The run that {@code chance} makes, if it shows {@code what}. */
    public static Optional<Counterexample> of(Stage stage, Sameness what, Chance chance, String origin) {
        var book = new Logbook(chance);
        Stage.Told told = stage.tell(what, book, Plan.STEPS);
        if (what.in(told.judged().violations()) == null) {
            return Optional.empty();
        }
        Causes causes = stage.causes(what, new Exact(book.turns()), Plan.STEPS);
        return Optional.of(new Counterexample(told.finding(what, origin), what, causes,
                book.departures(), book.turns(), book.cost(), book.cost(), 1));
    }

    /** The same events without what had no part in them, in an order with fewer switches, if there is one. */
    private Counterexample together(Stage stage) {
        List<String> order = Arrays.stream(causes.together(cone()))
                .mapToObj(i -> causes.steps().get(i).strand()).toList();
        return of(stage, what, new Follow(order, new Course(departures)), finding.origin())
                .filter(other -> other.cost().compareTo(cost) < 0).orElse(this);
    }

    /** The steps without which the property would not have broken as it did. */
    public BitSet cone() {
        BitSet cone = causes.cone(last());
        Moment first = moment(finding.violation().first());
        if (first != null && first.step() > 0) {
            cone.or(causes.cone(first.step() - 1));
        }
        return cone;
    }

    /** Equal for all runs that show the finding by the same events, in whatever order they were taken. */
    public long trace() {
        return causes.trace(cone());
    }

    /** The step at which the property broke, or the last one. */
    private int last() {
        Moment second = moment(finding.violation().second());
        return second != null && second.step() > 0 ? second.step() - 1 : causes.steps().size() - 1;
    }

    private Moment moment(Entry entry) {
        return finding.moments().stream().filter(m -> entry != null && m.entry() == entry).findFirst()
                .orElse(null);
    }
}
