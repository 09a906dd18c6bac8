// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import lazaret.explore.Census;
import lazaret.explore.Ending;
import lazaret.explore.Schedule;
import lazaret.lab.oracle.Property;
import lazaret.lab.oracle.Violation;

/** Runs a stage again and again by a {@link Plan} and keeps the clearest finding. */
public final class Hunt {
    /** Told after each run. */
    @FunctionalInterface
    public interface Progress {
        Progress SILENT = done -> { };

        void ran(int done);
    }

    private record Hit(int run, Violation violation, Judged judged) { }

    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final Stage stage;
    private final Plan plan;
    private final Progress progress;
    private final Comparator<Hit> clearest;
    private final Set<String> unknowns = new LinkedHashSet<>();
    private Hit best;
    private int broken;
    private long steps;
    private long digest;
    private Census census = Census.of(1);

    private Hunt(Stage stage, Plan plan, Progress progress) {
        this.stage = stage;
        this.plan = plan;
        this.progress = progress;
        clearest = Comparator
                .comparing((Hit h) -> stage.beyond().containsKey(h.violation().property()))
                .thenComparing(h -> h.violation().property())
                .thenComparing(h -> h.judged().time())
                .thenComparing(h -> h.judged().switches())
                .thenComparing(h -> h.judged().steps());
    }

    /** @throws RuntimeException when Lazaret itself fails */
    public static Report hunt(Stage stage, Plan plan, Progress progress) {
        return new Hunt(stage, plan, progress).hunt();
    }

    /**
     * How many runs of the plan it takes until one breaks {@code property}; 0 when none does.
     *
     * @throws RuntimeException when Lazaret itself fails
     */
    public static int runsUntil(Property property, Stage stage, Plan plan) {
        var hunt = new Hunt(stage, plan, Progress.SILENT);
        for (int i = 0; i < plan.runs(); i++) {
            if (hunt.run(i).violations().stream().anyMatch(v -> v.property() == property)) {
                return i + 1;
            }
        }
        return 0;
    }

    private Judged run(int i) {
        return i == 0 ? first() : stage.run(plan.schedule(i).chance(plan.seed(i), census), plan.steps());
    }

    private Report hunt() {
        for (int i = 0; i < plan.runs(); i++) {
            Judged judged = run(i);
            steps += judged.steps();
            digest = (digest ^ judged.digest()) * MIX;
            look(i, judged);
            progress.ran(i + 1);
        }
        unknowns.addAll(stage.lockConflicts());
        return new Report(stage.scenario().name(), stage.design().name(), plan, plan.runs(), steps, broken,
                best == null ? null : tell(best), List.copyOf(unknowns), stage.beyond(), digest);
    }

    /** The straight run also tells what runs of this program are like, which some schedules want to know. */
    private Judged first() {
        var taker = new Census.Taker(Schedule.STRAIGHT.chance(plan.seed(0), census));
        Judged judged = stage.run(taker, plan.steps());
        census = taker.census();
        return judged;
    }

    private void look(int i, Judged judged) {
        switch (judged.ending()) {
            case Ending.Unknown u -> unknowns.add(u.what());
            case Ending.OutOfSteps o -> unknowns.add("a run was cut after " + o.limit() + " steps");
            case Ending.Rest _, Ending.Stuck _, Ending.Spins _, Ending.Oops _, Ending.Stopped _ -> { }
        }
        if (judged.violations().isEmpty()) {
            return;
        }
        broken++;
        for (Violation v : judged.violations()) {
            var hit = new Hit(i, v, judged);
            if (best == null || clearest.compare(hit, best) < 0) {
                best = hit;
            }
        }
    }

    /** Runs the hit once more with everything written down, and makes sure that it is the same run. */
    private Finding tell(Hit hit) {
        Schedule schedule = plan.schedule(hit.run());
        long seed = plan.seed(hit.run());
        Stage.Told told = stage.tell(schedule.chance(seed, census), plan.steps());
        if (told.judged().digest() != hit.judged().digest()) {
            throw new IllegalStateException("run " + hit.run() + " (seed " + seed + ") is not deterministic");
        }
        return told.finding(hit.violation().property(), plan.origin(hit.run()));
    }
}
