// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import lazaret.explore.Explored;
import lazaret.explore.Explorer;
import lazaret.explore.Found;
import lazaret.explore.Replayer;
import lazaret.lab.Report.Outcome;
import lazaret.lab.oracle.Property;

/**
 * All runs of a scenario under a design, up to what makes no difference, and what came of them.
 *
 * @param method   how they were enumerated
 * @param explored how far that went
 * @param findings one run for each kind of finding, lowest property first
 * @param unknowns why runs were inconclusive, each reason once
 * @param beyond   properties the scenario says no design can uphold, with the reason
 */
public record Exploration(String scenario, String design, Explorer.Method method, Explored explored,
        List<Finding> findings, List<String> unknowns, Map<Property, String> beyond) {
    /**
     * @param stages makes stages of one scenario and design
     * @param only   looks at this property alone, at all of them if null
     * @param enough when to stop before the end
     * @throws RuntimeException when Lazaret itself fails
     */
    public static Exploration of(Supplier<Stage> stages, Explorer.Method method, Property only,
            Explorer.Watch enough) {
        Explored explored = Explorer.of(() -> stages.get().program(only)).by(method).limit(Plan.STEPS)
                .until(enough).explore();
        Stage stage = stages.get();
        List<Finding> findings = new ArrayList<>();
        explored.found().forEach(found -> findings.add(tell(stage, found)));
        findings.sort(Comparator
                .comparing((Finding f) -> stage.beyond().containsKey(f.violation().property()))
                .thenComparing(f -> f.violation().property()));
        List<String> unknowns = explored.endings().keySet().stream()
                .filter(how -> how.startsWith("not modelled") || how.equals("out of steps")).toList();
        return new Exploration(stage.scenario().name(), stage.design().name(), method, explored, findings,
                unknowns, stage.beyond());
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
