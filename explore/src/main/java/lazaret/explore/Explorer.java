// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.function.Supplier;

/** Explores a program: every run of it, up to what makes no difference. */
public final class Explorer {
    /** How. They find the same end states and the same kinds of findings. */
    public enum Method {
        /** Every run. */
        NAIVE,
        /** Every state. */
        CACHE,
        /** Every class of runs that differ in the order of independent steps only. */
        DPOR
    }

    /** Follows an exploration. */
    @FunctionalInterface
    public interface Watch {
        /**
         * Called after each run.
         *
         * @param runs   made so far
         * @param states met so far; 0 if the method keeps none
         * @param found  kinds of findings so far
         * @return whether that is enough
         */
        boolean enough(long runs, long states, int found);
    }

    private final Supplier<Program> maker;
    private Method method = Method.CACHE;
    private int limit = 20_000;
    private Watch watch = (runs, states, found) -> false;

    private Explorer(Supplier<Program> maker) {
        this.maker = maker;
    }

    /** @param maker wires a program; called once for each worker */
    public static Explorer of(Supplier<Program> maker) {
        return new Explorer(maker);
    }

    public Explorer by(Method how) {
        method = how;
        return this;
    }

    /** A run of more steps is cut and counted as such. */
    public Explorer limit(int steps) {
        limit = steps;
        return this;
    }

    /** Ends when that is enough. */
    public Explorer until(Watch enough) {
        watch = enough;
        return this;
    }

    /** @throws RuntimeException when Lazaret itself fails */
    public Explored explore() {
        var names = new Names();
        Engine engine = switch (method) {
            case NAIVE -> new Naive();
            case CACHE -> new Cache();
            case DPOR -> new Dpor(names);
        };
        var tally = new Tally();
        var search = new Search(maker.get(), engine, names, tally, limit);
        boolean more = true;
        boolean enough = false;
        while (more && !enough) {
            more = search.next();
            enough = watch.enough(tally.runs(), engine.states(), tally.kinds());
        }
        return tally.explored(!more, engine.states());
    }
}
