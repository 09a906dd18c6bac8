// SPDX-License-Identifier: Apache-2.0
package lazaret.bench;

import java.lang.management.ManagementFactory;
import java.util.function.Supplier;
import lazaret.explore.Explored;
import lazaret.explore.Explorer;
import lazaret.explore.Explorer.Method;
import lazaret.explore.Program;

/**
 * How fast small programs are explored that other tools were measured on. After 20 s to warm up each
 * exploration is made again and again for the seconds given (default 10); the fastest one counts.
 */
public final class Programs {
    private static final double NANO = 1e9;
    private static final double WARM = 20;
    private static final int AT_ONCE = 200_000;

    private Programs() { }

    public static void main(String[] args) {
        double seconds = args.length > 0 ? Double.parseDouble(args[0]) : 10;
        repeat(() -> new TwoLocks(3), Method.NAIVE, WARM);
        measure("P1(3)", () -> new TwoLocks(3), Method.NAIVE, seconds);
        measure("P1(5)", () -> new TwoLocks(5), Method.DPOR, seconds);
        measure("P2(3,2)", () -> new Producers(3, 2), Method.NAIVE, seconds);
        measure("P2(3,2)", () -> new Producers(3, 2), Method.DPOR, seconds);
        measure("P2(4,2)", () -> new Producers(4, 2), Method.CACHE, seconds);
    }

    private static void measure(String name, Supplier<Program> program, Method method, double seconds) {
        Timed best = repeat(program, method, seconds);
        Explored all = best.explored();
        System.out.printf("%-8s %-5s %8.0f runs/s %8.0f new states/s  %s, %d runs (%d cut), %d states%n",
                name, method, all.runs() / best.seconds(), all.states() / best.seconds(),
                all.complete() ? "complete" : "the first", all.runs(), all.cuts(), all.states());
    }

    /** @param seconds of CPU time */
    private record Timed(Explored explored, double seconds) { }

    private static Timed repeat(Supplier<Program> program, Method method, double seconds) {
        double until = now() + seconds;
        Timed best = null;
        while (best == null || now() < until) {
            double begun = now();
            Explored explored = Explorer.of(program).by(method).learning(false)
                    .until((runs, _, _) -> method == Method.NAIVE && runs >= AT_ONCE).explore();
            double took = now() - begun;
            best = best == null || took < best.seconds() ? new Timed(explored, took) : best;
        }
        return best;
    }

    private static double now() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / NANO;
    }
}
