// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import lazaret.machine.Trace;

/**
 * Runs code whose caller keeps its result and nothing else: no local outlives it, and no lambda that it puts
 * into a cell. Two runs that differ only in what was seen inside have come to the same place then, and a
 * search may take them for one. Says nothing to anybody else.
 */
public final class Forgets {
    private final Trace trace;

    Forgets(Trace trace) {
        this.trace = trace;
    }

    public void run(Runnable body) {
        trace.open();
        body.run();
        trace.close(0);
    }

    public boolean test(BooleanSupplier body) {
        trace.open();
        boolean result = body.getAsBoolean();
        trace.close(result ? 1 : 0);
        return result;
    }

    public long number(LongSupplier body) {
        trace.open();
        long result = body.getAsLong();
        trace.close(result);
        return result;
    }

    public <R extends Enum<R>> R one(Supplier<R> body) {
        trace.open();
        R result = body.get();
        trace.close(result.ordinal());
        return result;
    }
}
