// SPDX-License-Identifier: Apache-2.0
package lazaret.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import lazaret.iommu.design.Designs;
import lazaret.lab.Counterexample;
import lazaret.lab.Finding;
import lazaret.lab.Hunt;
import lazaret.lab.Plan;
import lazaret.lab.Stage;
import lazaret.lab.scenario.Scenarios;

/**
 * How long it takes to make a finding of the flagship under mainline plain, for findings of different seeds:
 * CPU time of one thread. Each is made plain again and again for the seconds given (default 20), and the
 * fastest time of each counts. How many traces they come to is said too.
 */
public final class Minimising {
    private static final int SEEDS = 12;
    private static final int RUNS = 20;
    private static final double MILLI = 1e6;

    private Minimising() { }

    public static void main(String[] args) {
        double seconds = args.length > 0 ? Double.parseDouble(args[0]) : 20;
        Stage stage = Stage.of(Scenarios.named(Scenarios.FLAGSHIP), Designs.named("mainline"));
        List<Finding> findings = new ArrayList<>();
        for (int seed = 1; seed <= SEEDS; seed++) {
            findings.add(Hunt.hunt(stage, Plan.hunt(RUNS, seed), Hunt.Progress.SILENT).finding());
        }
        Counterexample[] plain = new Counterexample[SEEDS];
        double[] best = new double[SEEDS];
        double begun = now();
        for (int i = 0; i < SEEDS || now() - begun < seconds * 1e3; i++) {
            int at = i % SEEDS;
            double before = now();
            plain[at] = Counterexample.plainest(stage, findings.get(at));
            double took = now() - before;
            best[at] = best[at] == 0 ? took : Math.min(best[at], took);
        }
        for (int i = 0; i < SEEDS; i++) {
            Counterexample one = plain[i];
            System.out.printf("seed %2d: %6.1f ms, %3d tries, %d to %d departures, trace %016x%n", i + 1,
                    best[i], one.tries(), one.original().departures(), one.cost().departures(), one.trace());
        }
    }

    private static double now() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / MILLI;
    }
}
