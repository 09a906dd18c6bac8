// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.function.Supplier;

/** Explores a program: every run of it, up to what makes no difference. */
public final class Explorer {
    /** How. All but the last find the same end states and the same kinds of findings. */
    public enum Method {
        /** Every run. */
        NAIVE,
        /** Every state. */
        CACHE,
        /** Every class of runs that differ in the order of independent steps only. */
        DPOR,
        /** Every run within so many {@link Explorer#delays}: not the same as all, and it says so. */
        BOUND
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

    /** So many runs a pass goes on that has to be repeated: it will find more to learn. */
    private static final int PATIENCE = 50;

    private static final int LESSONS = 300;

    private final Supplier<Program> maker;
    private Method method = Method.CACHE;
    private int limit = 20_000;
    private Watch watch = (runs, states, found) -> false;
    private int delays;
    private boolean learns = true;

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

    /** For {@link Method#BOUND}: how often somebody who could step may be passed over in a run. */
    public Explorer delays(int most) {
        delays = most;
        return this;
    }

    /** Whether software may run on where nobody could make a difference, see {@link Sharing}. */
    public Explorer learning(boolean whether) {
        learns = whether;
        return this;
    }

    /** Ends when that is enough. */
    public Explorer until(Watch enough) {
        watch = enough;
        return this;
    }

    /** @throws RuntimeException when Lazaret itself fails */
    public Explored explore() {
        Program program = maker.get();
        Sharing sharing = learns && method != Method.NAIVE ? new Sharing() : null;
        var tally = new Tally();
        if (sharing != null) {
            learn(program, sharing, tally);
        }
        boolean enough;
        do {
            if (sharing != null) {
                sharing.widen();
            }
            enough = pass(program, sharing, tally);
        } while (!enough && sharing != null && sharing.grew());
        return tally.explored(!enough, sharing == null ? 0 : sharing.size());
    }

    /** Random runs, so that the first pass does not know nothing. */
    private void learn(Program program, Sharing sharing, Tally tally) {
        var names = new Names();
        var sampler = new Sampler(names);
        var search = new Search(program, sampler, names, sharing, tally, limit);
        tally.pass(sampler);
        for (int i = 0; i < LESSONS; i++) {
            sampler.begin(i);
            search.next();
        }
    }

    /** All runs, or some more after it was seen that too little is shared. True when it was told to stop. */
    private boolean pass(Program program, Sharing sharing, Tally tally) {
        var names = new Names();
        Engine engine = switch (method) {
            case NAIVE -> new Naive();
            case CACHE -> new Cache();
            case DPOR -> new Dpor(names);
            case BOUND -> new Bounded(delays);
        };
        var search = new Search(program, engine, names, sharing, tally, limit);
        tally.pass(engine);
        int late = 0;
        boolean more = true;
        while (more && late < PATIENCE) {
            more = search.next();
            if (watch.enough(tally.runs(), engine.states(), tally.kinds())) {
                return more;
            }
            late += sharing != null && sharing.grew() ? 1 : 0;
        }
        return false;
    }
}
