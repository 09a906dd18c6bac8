// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.ArrayList;
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
        /** Every run within so many {@link Explorer#preemptions}: not the same as all, and it says so. */
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

    private final Supplier<Program> maker;
    Method method = Method.CACHE;
    int limit = 20_000;
    Watch watch = (runs, states, found) -> false;
    int preemptions;
    boolean learns = true;
    /** At least so many random runs before the first pass, and so many after something new in one. */
    int lessons = 100;
    int patience = 50;
    Checkpoint checkpoint;
    private int workers = 1;

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

    /** For {@link Method#BOUND}: how often other software may step in a run where the last could go on. */
    public Explorer preemptions(int most) {
        preemptions = most;
        return this;
    }

    /** Whether software may run on where nobody could make a difference, see {@link Sharing}. */
    public Explorer learning(boolean whether) {
        learns = whether;
        return this;
    }

    /** For tests: learns nothing beforehand, and looks at once whether what it meets makes a difference. */
    Explorer hastily() {
        lessons = 0;
        patience = 1;
        return this;
    }

    /** Ends when that is enough. */
    public Explorer until(Watch enough) {
        watch = enough;
        return this;
    }

    /** So many searches at once; only {@link Method#CACHE} can. */
    public Explorer workers(int many) {
        workers = many;
        return this;
    }

    /** Writes it down now and then; {@link Method#CACHE} with {@link #learning} only. */
    public Explorer keeping(Checkpoint where) {
        checkpoint = where;
        return this;
    }

    /**
     * @throws Checkpoint.Unusable when it was to go on with something that is not there
     * @throws RuntimeException    when Lazaret itself fails
     */
    public Explored explore() {
        var programs = new ArrayList<Program>();
        for (int i = 0; i < (method == Method.CACHE ? workers : 1); i++) {
            programs.add(maker.get());
        }
        return new Exploring(this, programs).explore();
    }
}
