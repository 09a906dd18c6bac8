// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.compare;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import lazaret.explore.Ending;
import lazaret.explore.Explored;
import lazaret.explore.Explorer;
import lazaret.explore.Found;
import lazaret.explore.Replayer;
import lazaret.iommu.arm.SmmuDesign;
import lazaret.lab.Counterexample;
import lazaret.lab.Finding;
import lazaret.lab.Judged;
import lazaret.lab.Measured;
import lazaret.lab.Plan;
import lazaret.lab.Sameness;
import lazaret.lab.Scenario;
import lazaret.lab.Stage;
import lazaret.lab.oracle.Property;
import lazaret.lab.oracle.Violation;
import lazaret.machine.Chance;

/** One scenario under one design: a sample, then as many of all runs as there is time for. */
final class Bout {
    static final int DECISIONS = 400;
    private static final int SAMPLE = 40;
    private static final int STEPS = 300_000;

    /** A run that breaks a property, and how often it changes lanes; 0 if it is the default one. */
    record Hit(Stage stage, Sameness what, int switches, Supplier<Chance> chance, String origin) {
        Counterexample plainest() {
            Finding finding = stage.tell(what, chance.get(), STEPS).finding(what, origin);
            return Counterexample.plainest(stage, finding);
        }
    }

    private final Scenario scenario;
    private final SmmuDesign design;
    private final Stage stage;
    private final Map<Property, Hit> hits = new EnumMap<>(Property.class);
    private final Set<String> unknowns = new TreeSet<>();
    private int sampled;
    private int harmed;
    private int timeouts;
    private boolean complete;

    private Bout(Scenario scenario, SmmuDesign design) {
        this.scenario = scenario;
        this.design = design;
        stage = Stage.of(scenario, design);
    }

    static Bout of(Scenario scenario, SmmuDesign design, Explorer.Watch enough) {
        var bout = new Bout(scenario, design);
        bout.sample(enough);
        if (!enough.enough(bout.sampled, 0, 0)) {
            bout.explore(enough);
        }
        return bout;
    }

    private void sample(Explorer.Watch enough) {
        Plan plan = Plan.hunt(SAMPLE, 1);
        for (int i = 0; i < SAMPLE && (i == 0 || !enough.enough(i, 0, 0)); i++) {
            int run = i;
            Supplier<Chance> chance = () -> plan.schedule(run).chance(plan.seed(run), DECISIONS);
            Measured measured = stage.measure(chance.get(), STEPS);
            sampled++;
            timeouts = Math.max(timeouts, measured.timeouts());
            harmed = Math.max(harmed, measured.harmed());
            note(measured.judged(), run == 0, chance, plan.origin(run));
        }
    }

    /** @param straight does it depart from nothing? Then nothing is plainer. */
    private void note(Judged judged, boolean straight, Supplier<Chance> chance, String origin) {
        switch (judged.ending()) {
            case Ending.Unknown unknown -> unknowns.add(unknown.what());
            case Ending.OutOfSteps _ -> unknowns.add("a run was cut after " + STEPS + " steps");
            case Ending.Rest _, Ending.Stuck _, Ending.Spins _, Ending.Oops _, Ending.Stopped _ -> { }
        }
        for (Violation v : judged.violations()) {
            keep(new Hit(stage, Sameness.of(v), straight ? 0 : judged.switches(), chance, origin));
        }
    }

    private void explore(Explorer.Watch enough) {
        Explored explored = Explorer.of(() -> stage.program(null)).limit(STEPS).until(enough).explore();
        for (Found found : explored.found()) {
            keep(new Hit(stage, Sameness.parse(found.kind()), found.steps(),
                    () -> new Replayer(found.choices()), "exploration"));
        }
        explored.endings().keySet().stream()
                .filter(how -> how.startsWith("not modelled") || how.equals("out of steps"))
                .forEach(unknowns::add);
        complete = explored.complete() && unknowns.isEmpty();
    }

    /** The plainest of each property; one that no design can uphold here says nothing about this one. */
    private void keep(Hit hit) {
        if (!stage.beyond().containsKey(hit.what().property())) {
            hits.merge(hit.what().property(), hit, (a, b) -> a.switches() <= b.switches() ? a : b);
        }
    }

    Scenario scenario() {
        return scenario;
    }

    /** Null when the property was not broken. */
    Hit hit(Property property) {
        return hits.get(property);
    }

    /** Was every run of it explored? P13 is judged in samples only. */
    boolean complete() {
        return complete;
    }

    /** Was every run made of the sample that comes first? */
    boolean sampledWell() {
        return sampled == SAMPLE;
    }

    int harmed() {
        return harmed;
    }

    int timeouts() {
        return timeouts;
    }

    List<String> unknowns() {
        var all = new ArrayList<String>();
        unknowns.forEach(u -> all.add(design.name() + ", " + scenario.name() + ": " + u));
        return all;
    }
}
