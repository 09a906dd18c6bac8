// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.List;
import java.util.Optional;
import lazaret.explore.Cost;
import lazaret.explore.Departure;
import lazaret.explore.Exact;
import lazaret.explore.Logbook;
import lazaret.explore.Minimise;
import lazaret.explore.Replayer;
import lazaret.explore.Schedule;
import lazaret.machine.Chance;

/**
 * A run that shows a finding and ends there.
 *
 * @param what       what it shows
 * @param departures how it departs from the default, for {@link lazaret.explore.Course}
 * @param turns      the same by number, for {@link Exact}
 * @param cost       what it asks of a reader
 * @param original   what the run asked that it was made from; equal to {@code cost} if none was
 * @param tries      how many runs were made to get it
 */
public record Counterexample(Finding finding, Sameness what, List<Departure> departures,
        List<Exact.Turn> turns, Cost cost, Cost original, int tries) {
    /** Steps of all tries together: some 150 ms once warm. */
    private static final long BUDGET = 150_000;

    /** The finding as it was found. */
    public static Counterexample raw(Stage stage, Finding found) {
        Sameness what = Sameness.of(found.violation());
        return of(stage, what, new Replayer(found.choices()), found.schedule(), found.seed()).orElseThrow(
                () -> new IllegalStateException("a finding does not show again: " + what));
    }

    /** The plainest run that shows the same. */
    public static Counterexample plainest(Stage stage, Finding found) {
        Sameness what = Sameness.of(found.violation());
        Minimise.Plainest plainest = Minimise.of(
                (chance, limit) -> what.in(stage.seek(what, chance, limit).violations()) != null,
                new Replayer(found.choices()), BUDGET);
        Counterexample shown = of(stage, what, new Exact(plainest.turns()), found.schedule(), found.seed())
                .orElseThrow(() -> new IllegalStateException("a plainer run does not show again: " + what));
        return new Counterexample(shown.finding(), what, shown.departures(), shown.turns(), shown.cost(),
                plainest.from(), plainest.runs());
    }

    /** The run that {@code chance} makes, if it shows {@code what}. */
    public static Optional<Counterexample> of(Stage stage, Sameness what, Chance chance, Schedule schedule,
            long seed) {
        var book = new Logbook(chance);
        Stage.Told told = stage.tell(what, book, Plan.STEPS);
        if (what.in(told.judged().violations()) == null) {
            return Optional.empty();
        }
        return Optional.of(new Counterexample(told.finding(what, schedule, seed), what, book.departures(),
                book.turns(), book.cost(), book.cost(), 1));
    }
}
