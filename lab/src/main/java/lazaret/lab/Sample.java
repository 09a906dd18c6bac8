// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import lazaret.explore.Census;
import lazaret.explore.Schedule;
import lazaret.lab.oracle.Property;
import lazaret.machine.Chance;

/** Runs of a stage by schedules in turn, the first one straight, until one breaks something. */
final class Sample {
    private static final int DECISIONS = 400;

    private final Stage stage;
    private final Property only;
    private final int limit;
    private final Plan plan;
    private Census census = Census.of(DECISIONS);
    private int made;

    /**
     * @param only      looks at this property alone, at all of them if null
     * @param schedules taken in turn
     * @param most      runs at most
     * @param limit     steps of a run at most
     */
    Sample(Stage stage, Property only, List<Schedule> schedules, int most, int limit) {
        this.stage = stage;
        this.only = only;
        this.limit = limit;
        plan = Plan.hunt(most, 1, schedules);
    }

    /** Runs made. */
    int made() {
        return made;
    }

    /**
     * Goes on until so many were made, or {@code enough}, or the first run that breaks something; all that it
     * breaks comes to {@code findings}.
     */
    void upTo(int most, IntPredicate enough, List<Finding> findings) {
        while (made < Math.min(most, plan.runs()) && findings.isEmpty() && !enough.test(made)) {
            int run = made++;
            Supplier<Chance> chance = () -> plan.schedule(run).chance(plan.seed(run), census);
            judged(run, chance).violations().stream()
                    .filter(v -> only == null || v.property() == only).map(Sameness::of).distinct()
                    .forEach(what -> findings.add(stage.tell(what, chance.get(), Plan.STEPS)
                            .finding(what, plan.origin(run))));
        }
    }

    /** The straight run is also the one that tells what runs of this program are like. */
    private Judged judged(int run, Supplier<Chance> chance) {
        if (run > 0) {
            return stage.run(chance.get(), limit);
        }
        var taker = new Census.Taker(chance.get());
        Judged judged = stage.run(taker, limit);
        census = taker.census().deciding(DECISIONS);
        return judged;
    }
}
