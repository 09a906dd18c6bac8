// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.ArrayList;
import java.util.List;
import lazaret.explore.Course;
import lazaret.explore.Departure;
import lazaret.explore.Places;
import lazaret.explore.RandomWalk;
import lazaret.lab.story.Moment;
import lazaret.machine.Chance;

/** Runs that differ little from a counterexample, and some that differ much: what does it take to break? */
public final class Neighbours {
    /**
     * One of them.
     *
     * @param shared how many moments it has in common with the counterexample before it goes another way
     */
    public record Neighbour(boolean breaks, List<Moment> moments, List<Event> events, int shared) { }

    private static final int NEAR = 40;
    private static final int FAR = 24;
    /** Steps of all of them together, about: only runs that hardly end come near it. */
    private static final long BUDGET = 400_000;

    private final Stage stage;
    private final Counterexample example;
    private final int limit;
    private final List<Neighbour> all = new ArrayList<>();
    private long steps;

    private Neighbours(Stage stage, Counterexample example) {
        this.stage = stage;
        this.example = example;
        limit = 3 * example.cost().steps() + 200;
    }

    /** Runs with one departure less or one more, and random ones. */
    public static Neighbours of(Stage stage, Counterexample example) {
        var neighbours = new Neighbours(stage, example);
        neighbours.near();
        for (long seed = 1; seed <= FAR; seed++) {
            neighbours.add(new RandomWalk(seed));
        }
        return neighbours;
    }

    public List<Neighbour> all() {
        return List.copyOf(all);
    }

    /** The one that goes along longest and does not break; null when all break. */
    public Neighbour nearestPassing() {
        Neighbour nearest = null;
        for (Neighbour n : all) {
            if (!n.breaks() && (nearest == null || n.shared() > nearest.shared())) {
                nearest = n;
            }
        }
        return nearest;
    }

    private void near() {
        List<Departure> departures = example.departures();
        for (int i = 0; i < departures.size() && i < NEAR; i++) {
            var fewer = new ArrayList<>(departures);
            fewer.remove(i);
            add(new Course(fewer));
        }
        var places = new Places(new Course(departures));
        stage.seek(example.what(), places, limit);
        List<Departure> alternatives = places.alternatives();
        int stride = Math.max(1, alternatives.size() / NEAR);
        for (int i = 0; i < alternatives.size(); i += stride) {
            var more = new ArrayList<>(departures);
            more.add(alternatives.get(i));
            add(new Course(more));
        }
    }

    private void add(Chance chance) {
        if (steps >= BUDGET) {
            return;
        }
        Stage.Told told = stage.tell(example.what(), chance, limit);
        steps += told.judged().steps();
        List<Moment> moments = told.story().moments();
        List<Moment> mine = example.finding().moments();
        int shared = 0;
        while (shared < Math.min(moments.size(), mine.size())
                && moments.get(shared).entry().equals(mine.get(shared).entry())) {
            shared++;
        }
        all.add(new Neighbour(example.what().in(told.judged().violations()) != null, moments,
                Event.of(moments), shared));
    }
}
