// SPDX-License-Identifier: Apache-2.0
package lazaret.bench.lincheck;

import org.jetbrains.kotlinx.lincheck.execution.ExecutionResult;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.verifier.Verifier;

/**
 * Invocations per second of Lincheck's model checking, for the programs that {@code lazaret.bench.Programs}
 * runs: nothing is verified, and the first half of the invocations does not count.
 */
public final class Invocations {
    private static final int ENOUGH = 10_000;
    private static long begun;
    private static long over;
    private static int counted;

    /** Counts, and finds everything right. */
    public static final class Counts implements Verifier {
        /** @param specification is not looked at */
        public Counts(Class<?> specification) { }

        @Override
        public boolean verifyResults(ExecutionScenario scenario, ExecutionResult results) {
            over = System.nanoTime();
            counted++;
            begun = counted == ENOUGH / 2 ? over : begun;
            return true;
        }
    }

    private Invocations() { }

    public static void main(String[] args) {
        measure("P1(3)", TwoLocks.class, 2);
        measure("P2(3,2)", Producers.class, 3);
    }

    private static void measure(String name, Class<?> program, int threads) {
        counted = 0;
        begun = 0;
        new ModelCheckingOptions().iterations(1).invocationsPerIteration(ENOUGH).threads(threads)
                .actorsPerThread(1).actorsBefore(0).actorsAfter(0).verifier(Counts.class)
                .minimizeFailedScenario(false).check(program);
        System.out.printf("Lincheck 3.7 %-8s %8.0f invocations/s (the last %d of %d, wall time)%n", name,
                (counted - ENOUGH / 2) * 1e9 / (over - begun), counted - ENOUGH / 2, counted);
    }
}
