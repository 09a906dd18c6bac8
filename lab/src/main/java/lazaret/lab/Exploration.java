// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import lazaret.explore.Checkpoint;
import lazaret.explore.Explored;
import lazaret.explore.Explorer;
import lazaret.explore.Found;
import lazaret.explore.Replayer;
import lazaret.lab.Report.Outcome;
import lazaret.lab.oracle.Property;
import lazaret.machine.Chance;

/**
 * All runs of a scenario under a design, up to what makes no difference, and what came of them; a short
 * sample first.
 *
 * @param method   how they were enumerated
 * @param sampled  runs of the sample
 * @param explored how far that went; nothing if what the sample found was enough
 * @param findings one run for each kind of finding, lowest property first
 * @param unknowns why runs were inconclusive, each reason once
 * @param beyond   properties the scenario says no design can uphold, with the reason
 */
public record Exploration(String scenario, String design, Explorer.Method method, int sampled,
        Explored explored, List<Finding> findings, List<String> unknowns, Map<Property, String> beyond) {
    /** Runs of the sample. */
    public static final int SAMPLE = 100;
    private static final int DECISIONS = 400;

    /**
     * A short sample first, for what is easy to find, and then every run.
     *
     * @param stages  makes stages of one scenario and design
     * @param workers how many searches at once
     * @param kept    where it is written down now and then, or null
     * @param only   looks at this property alone, at all of them if null
     * @param enough when to stop before the end
     * @throws RuntimeException when Lazaret itself fails
     */
    public static Exploration of(Supplier<Stage> stages, Explorer.Method method, int workers,
            Checkpoint kept, Property only, Explorer.Watch enough) {
        Stage stage = stages.get();
        List<Finding> findings = new ArrayList<>();
        int sampled = sample(stage, only, findings);
        Explored explored = enough.enough(SAMPLE, 0, findings.size()) ? Explored.NOTHING
                : Explorer.of(() -> stages.get().program(only)).by(method).workers(workers)
                        .keeping(kept).limit(Plan.STEPS).until(enough).explore();
        explored.found().stream().filter(found -> findings.stream()
                        .noneMatch(f -> Sameness.of(f.violation()).text().equals(found.kind())))
                .forEach(found -> findings.add(tell(stage, found)));
        findings.sort(Comparator
                .comparing((Finding f) -> stage.beyond().containsKey(f.violation().property()))
                .thenComparing(f -> f.violation().property()));
        List<String> unknowns = explored.endings().keySet().stream()
                .filter(how -> how.startsWith("not modelled") || how.equals("out of steps")).toList();
        return new Exploration(stage.scenario().name(), stage.design().name(), method, sampled, explored,
                findings, unknowns, stage.beyond());
    }

    /** The first sampled run that breaks something, with all that it breaks. Returns how many were made. */
    private static int sample(Stage stage, Property only, List<Finding> findings) {
        Plan plan = Plan.hunt(SAMPLE, 1);
        int made = 0;
        while (made < SAMPLE && findings.isEmpty()) {
            int run = made++;
            Supplier<Chance> chance = () -> plan.schedule(run).chance(plan.seed(run), DECISIONS);
            stage.run(chance.get(), Plan.STEPS).violations().stream()
                    .filter(v -> only == null || v.property() == only).map(Sameness::of).distinct()
                    .forEach(what -> findings.add(stage.tell(what, chance.get(), Plan.STEPS)
                            .finding(what, plan.origin(run))));
        }
        return made;
    }

    /** Upheld only when every run was made and every one could be judged. */
    public Outcome outcome() {
        if (!findings.isEmpty()) {
            return Outcome.FINDING;
        }
        return explored.complete() && unknowns.isEmpty() ? Outcome.UPHELD : Outcome.INCONCLUSIVE;
    }

    private static Finding tell(Stage stage, Found found) {
        Sameness what = Sameness.parse(found.kind());
        Stage.Told told = stage.tell(what, new Replayer(found.choices()), Plan.STEPS);
        return told.finding(what, "exploration");
    }
}
