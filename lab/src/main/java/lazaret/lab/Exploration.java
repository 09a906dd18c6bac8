// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import lazaret.explore.Checkpoint;
import lazaret.explore.Explored;
import lazaret.explore.Explorer;
import lazaret.explore.Found;
import lazaret.explore.Replayer;
import lazaret.explore.Schedule;
import lazaret.lab.Report.Outcome;
import lazaret.lab.oracle.Property;

/**
 * All runs of a scenario under a design, up to what makes no difference, and what came of them; a short
 * sample first. When {@link Explorer.Method#CACHE} does not come to the end soon, a large sample is taken
 * before it begins anew, and runs with few preemptions come after.
 *
 * @param method   how they were enumerated; null where they were sampled only
 * @param sampled  runs of the samples
 * @param explored how far that went; nothing if what the sample found was enough
 * @param bounded  how far runs with few preemptions went, by their number
 * @param findings one run for each kind of finding, lowest property first
 * @param unknowns why runs were inconclusive, each reason once
 * @param beyond   properties the scenario says no design can uphold, with the reason
 */
public record Exploration(String scenario, String design, Explorer.Method method, int sampled,
        Explored explored, List<Within> bounded, List<Finding> findings, List<String> unknowns,
        Map<Property, String> beyond) {
    /** Runs of the sample with which it begins. */
    public static final int SAMPLE = 100;
    /** Runs of a sample at most. */
    private static final int LARGE_SAMPLE = 50_000;
    /** Runs after which what has not come to the end waits for the large sample. */
    private static final long SOON = 1_000;
    /** Of a run: a search remembers something of each step of it. What goes on for longer is cut. */
    private static final int STEPS = 200_000;

    /** What came of all runs with so many {@code preemptions} at most, or of some of them. */
    public record Within(int preemptions, Explored explored) {
        /** Was every run made, because none preempts more often? */
        boolean isAll() {
            return explored.complete() && !explored.beyond();
        }
    }

    /**
     * What to explore.
     *
     * @param method      how to enumerate runs; null for a sample alone
     * @param preemptions for {@link Explorer.Method#BOUND}: that many at most; null for 0, 1, 2 …
     * @param workers     how many searches at once
     * @param kept        where it is written down now and then, or null; then nothing is bounded after it
     * @param only        looks at this property alone, at all of them if null
     * @param schedules   what samples are made by, in turn
     * @param soon        when what has not come to the end waits for the large sample
     * @param sampled     when to go over from that to every run
     * @param searched    when to go over from that to runs with few preemptions
     * @param enough      when to stop before the end
     */
    public record Order(Explorer.Method method, Integer preemptions, int workers, Checkpoint kept,
            Property only, List<Schedule> schedules, Explorer.Watch soon, Explorer.Watch sampled,
            Explorer.Watch searched, Explorer.Watch enough) {
        private Explorer explorer(Supplier<Stage> stages) {
            return Explorer.of(() -> stages.get().program(only)).limit(STEPS);
        }

        private int mostSampled() {
            return method == null ? Integer.MAX_VALUE : LARGE_SAMPLE;
        }

        private boolean triesAll() {
            return method == Explorer.Method.CACHE && kept == null;
        }

        /** Is something else to be tried where {@code explored} ends? */
        private boolean goesOn(Explored explored) {
            return triesAll() && !explored.complete();
        }

        private Explored first(Supplier<Stage> stages) {
            return unbounded(stages, triesAll() ? (runs, states, found) -> runs >= SOON
                    || soon.enough(runs, states, found) : searched);
        }

        private Explored unbounded(Supplier<Stage> stages, Explorer.Watch until) {
            return explorer(stages).by(method).workers(workers).keeping(kept).until(until).explore();
        }

        private Within within(Supplier<Stage> stages, int most) {
            return new Within(most, explorer(stages).by(Explorer.Method.BOUND).preemptions(most).until(enough)
                    .explore());
        }
    }

    /**
     * A short sample first, for what is easy to find, and then every run.
     *
     * @param stages makes stages of one scenario and design
     * @throws RuntimeException when Lazaret itself fails
     */
    public static Exploration of(Supplier<Stage> stages, Order order) {
        Stage stage = stages.get();
        List<Finding> findings = new ArrayList<>();
        var sample = new Sample(stage, order.only(), order.schedules(), order.mostSampled(), STEPS);
        sample.upTo(SAMPLE, _ -> false, findings);
        boolean over = order.enough().enough(SAMPLE, 0, findings.size()) || order.method() == null;
        if (order.method() == null) {
            sample.upTo(order.mostSampled(), made -> order.enough().enough(made, 0, 0), findings);
        }
        Explored explored = over || order.method() == Explorer.Method.BOUND ? Explored.NOTHING
                : order.first(stages);
        add(stage, explored, findings);
        if (!over && findings.isEmpty() && order.goesOn(explored)) {
            sample.upTo(order.mostSampled(), made -> order.sampled().enough(made, 0, 0), findings);
            explored = findings.isEmpty() ? order.unbounded(stages, order.searched()) : explored;
            add(stage, explored, findings);
        }
        List<Within> bounded = over ? List.of() : bounded(stages, order, explored, findings.size());
        bounded.forEach(within -> add(stage, within.explored(), findings));
        findings.sort(Comparator
                .comparing((Finding f) -> stage.beyond().containsKey(f.violation().property()))
                .thenComparing(f -> f.violation().property()));
        return new Exploration(stage.scenario().name(), stage.design().name(), order.method(),
                sample.made(), explored, bounded, findings, unknowns(explored, bounded), stage.beyond());
    }

    private static List<Within> bounded(Supplier<Stage> stages, Order order, Explored explored, int found) {
        if (order.method() != Explorer.Method.BOUND && !order.goesOn(explored)) {
            return List.of();
        }
        if (order.preemptions() != null) {
            return List.of(order.within(stages, order.preemptions()));
        }
        List<Within> all = new ArrayList<>();
        int kinds = found;
        boolean more = true;
        while (more && !order.enough().enough(explored.runs(), explored.states(), kinds)) {
            Within within = order.within(stages, all.size());
            all.add(within);
            kinds = Math.max(kinds, within.explored().found().size());
            more = within.explored().complete() && within.explored().beyond();
        }
        return all;
    }

    private static void add(Stage stage, Explored explored, List<Finding> findings) {
        explored.found().stream().filter(found -> findings.stream()
                        .noneMatch(f -> Sameness.of(f.violation()).text().equals(found.kind())))
                .forEach(found -> findings.add(tell(stage, found)));
    }

    private static List<String> unknowns(Explored explored, List<Within> bounded) {
        return Stream.concat(Stream.of(explored), bounded.stream().map(Within::explored))
                .flatMap(e -> e.endings().keySet().stream()).distinct()
                .filter(how -> how.startsWith("not modelled") || how.equals("out of steps")).toList();
    }

    /** Upheld only when every run was made and every one could be judged. */
    public Outcome outcome() {
        if (!findings.isEmpty()) {
            return Outcome.FINDING;
        }
        return complete() && unknowns.isEmpty() ? Outcome.UPHELD : Outcome.INCONCLUSIVE;
    }

    /** Was every run made? */
    public boolean complete() {
        return explored.complete() || bounded.stream().anyMatch(Within::isAll);
    }

    /** With how many preemptions every run was made, at most; −1 for none. */
    public int completeUpTo() {
        return bounded.stream().filter(w -> w.explored().complete()).mapToInt(Within::preemptions).max()
                .orElse(-1);
    }

    private static Finding tell(Stage stage, Found found) {
        Sameness what = Sameness.parse(found.kind());
        Stage.Told told = stage.tell(what, new Replayer(found.choices()), Plan.STEPS);
        return told.finding(what, "exploration");
    }
}
