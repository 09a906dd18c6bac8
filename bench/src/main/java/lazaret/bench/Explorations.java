// SPDX-License-Identifier: Apache-2.0
package lazaret.bench;

import java.lang.management.ManagementFactory;
import lazaret.explore.Explored;
import lazaret.explore.Explorer;
import lazaret.iommu.design.Designs;
import lazaret.lab.Plan;
import lazaret.lab.Stage;
import lazaret.lab.scenario.Scenarios;

/**
 * New states per second of one thread's CPU time when all runs of a scenario are explored. Arguments:
 * scenario (default the flagship), design, seconds, method.
 */
public final class Explorations {
    private static final double NANO = 1e9;

    private Explorations() { }

    public static void main(String[] args) {
        String scenario = args.length > 0 ? args[0] : Scenarios.FLAGSHIP;
        String design = args.length > 1 ? args[1] : Designs.standard().name();
        double seconds = args.length > 2 ? Double.parseDouble(args[2]) : 20;
        var method = Explorer.Method.valueOf(args.length > 3 ? args[3] : "CACHE");
        Stage stage = Stage.of(Scenarios.named(scenario), Designs.named(design));
        var threads = ManagementFactory.getThreadMXBean();
        long begin = threads.getCurrentThreadCpuTime();
        long until = begin + (long) (seconds * NANO);
        Explored explored = Explorer.of(() -> stage.program(null)).by(method).limit(Plan.STEPS)
                .until((runs, states, found) -> threads.getCurrentThreadCpuTime() > until).explore();
        double took = (threads.getCurrentThreadCpuTime() - begin) / NANO;
        System.out.printf("%s, %s: %s%n"
                + "%.0f runs/s, %.0f new states/s, %.2f M steps/s in %.1f s of CPU time%n",
                scenario, design, explored, explored.runs() / took, explored.states() / took,
                explored.steps() / took / 1e6, took);
    }
}
