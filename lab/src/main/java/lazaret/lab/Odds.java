// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.ArrayList;
import java.util.List;
import lazaret.explore.Exact;
import lazaret.explore.RandomWalk;
import lazaret.explore.Until;

/**
 * How likely the finding was at each moment of the run: the run so far, then random completions, many times.
 * A sample: it says where the chance rises, not that nothing else could have happened.
 */
public record Odds(List<Point> points) {
    /**
     * @param step   after so many steps of the run
     * @param broken how many completions broke the same property
     * @param of     of how many
     */
    public record Point(int step, int broken, int of) {
        public double share() {
            return (double) broken / of;
        }
    }

    /**
     * @param places      at how many moments, spread over the run
     * @param completions how many at each
     */
    public static Odds of(Stage stage, Counterexample example, int places, int completions) {
        int steps = example.cost().steps();
        int limit = 4 * steps + 500;
        var points = new ArrayList<Point>();
        for (int i = 0; i <= places; i++) {
            int step = (int) ((long) steps * i / places);
            int broken = 0;
            for (int seed = 0; seed < completions; seed++) {
                var chance = new Until(new Exact(example.turns()), step, new RandomWalk(seed));
                Judged judged = stage.seek(example.what(), chance, limit);
                broken += example.what().in(judged.violations()) == null ? 0 : 1;
            }
            points.add(new Point(step, broken, completions));
        }
        return new Odds(List.copyOf(points));
    }

    /** The moment from which on every completion broke; null when there is none before the end. */
    public Point noReturn() {
        Point since = null;
        for (Point point : points) {
            since = point.broken() < point.of() ? null : since == null ? point : since;
        }
        return since;
    }

    /** Where the share rises most: the step between these two made the difference. */
    public List<Point> rise() {
        int steepest = 1;
        for (int i = 1; i < points.size(); i++) {
            double rise = points.get(i).share() - points.get(i - 1).share();
            if (rise > points.get(steepest).share() - points.get(steepest - 1).share()) {
                steepest = i;
            }
        }
        return List.of(points.get(steepest - 1), points.get(steepest));
    }
}
