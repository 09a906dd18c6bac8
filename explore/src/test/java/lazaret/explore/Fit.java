// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

/** How well counts fit what was expected of them. */
final class Fit {
    private Fit() { }

    /**
     * Pearson's statistic.
     *
     * @param counts   of each outcome
     * @param expected of each outcome, in the same order
     */
    static double chiSquare(int[] counts, double[] expected) {
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            sum += (counts[i] - expected[i]) * (counts[i] - expected[i]) / expected[i];
        }
        return sum;
    }

    /** The same for something that happens with probability {@code p}, once in each of {@code runs}. */
    static double chiSquare(int happened, int runs, double p) {
        return chiSquare(new int[] {happened, runs - happened}, new double[] {runs * p, runs * (1 - p)});
    }
}
