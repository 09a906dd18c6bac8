// SPDX-License-Identifier: Apache-2.0
package lazaret.bench.lincheck;

import org.jetbrains.lincheck.datastructures.Operation;

/** The program of {@code lazaret.bench.TwoLocks}, three rounds, as this tool wants it. */
public class TwoLocks {
    private static final int ROUNDS = 3;

    private final Object lockA = new Object();
    private final Object lockB = new Object();
    private int a;
    private int b;
    private int flag;

    @Operation(runOnce = true)
    public void first() {
        for (int round = 1; round <= ROUNDS; round++) {
            incrementA();
            flag = round;
            incrementB();
        }
    }

    @Operation(runOnce = true)
    public int second() {
        int hits = 0;
        for (int round = 1; round <= ROUNDS; round++) {
            incrementB();
            hits += flag == round ? 1 : 0;
            incrementA();
        }
        return hits;
    }

    private void incrementA() {
        synchronized (lockA) {
            a++;
        }
    }

    private void incrementB() {
        synchronized (lockB) {
            b++;
        }
    }
}
