// SPDX-License-Identifier: Apache-2.0
package lazaret.bench.lincheck;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jetbrains.lincheck.datastructures.Operation;

/** The program of {@code lazaret.bench.Producers}, three of them and two claims each. */
public class Producers {
    private static final int EACH = 2;
    private static final int SLOTS = 3 * EACH;

    private final AtomicInteger prod = new AtomicInteger();
    private final AtomicIntegerArray slots = new AtomicIntegerArray(SLOTS);
    private final AtomicIntegerArray valid = new AtomicIntegerArray(SLOTS);

    @Operation
    public void produce() {
        for (int i = 0; i < EACH; i++) {
            int at = prod.get();
            while (!prod.compareAndSet(at, at + 1)) {
                at = prod.get();
            }
            slots.set(at, 1);
            valid.set(at, 1);
        }
    }
}
