// SPDX-License-Identifier: Apache-2.0
package lazaret.bench;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import lazaret.explore.Schedule;
import lazaret.iommu.design.Designs;
import lazaret.lab.Judged;
import lazaret.lab.Plan;
import lazaret.lab.Stage;
import lazaret.lab.scenario.Scenarios;

/**
 * Scenario executions per second of one thread's CPU time: roll back, run, judge, under random and PCT
 * schedules in turn, as a hunt does. Prints the median and the range over rounds, after a warm-up of half a
 * minute. Arguments: scenario (default the flagship), rounds, seconds a round.
 */
public final class Executions {
    private static final double NANO = 1e9;
    private static final int DECISIONS = 400;
    /** Seconds. Only then is nearly all of this code compiled for good. */
    private static final double WARM_UP = 25;

    private record Round(double executions, double steps) { }

    private Executions() { }

    public static void main(String[] args) {
        String scenario = args.length > 0 ? args[0] : Scenarios.FLAGSHIP;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        double seconds = args.length > 2 ? Double.parseDouble(args[2]) : 3;
        Stage stage = Stage.of(Scenarios.named(scenario), Designs.standard());
        round(stage, WARM_UP, 0);
        Round[] all = new Round[rounds];
        for (int i = 0; i < rounds; i++) {
            all[i] = round(stage, seconds, (i + 1) * 1_000_000L);
        }
        double[] executions = Arrays.stream(all).mapToDouble(Round::executions).sorted().toArray();
        double[] steps = Arrays.stream(all).mapToDouble(Round::steps).sorted().toArray();
        System.out.printf("%s, %s: %.0f executions/s (%.0f–%.0f), %.2f M steps/s (%.2f–%.2f), %.0f ns/step, "
                + "CPU time of one thread%n",
                scenario, stage.design().name(), executions[rounds / 2], executions[0],
                executions[rounds - 1],
                steps[rounds / 2] / 1e6, steps[0] / 1e6, steps[rounds - 1] / 1e6, NANO / steps[rounds / 2]);
    }

    private static Round round(Stage stage, double seconds, long seed) {
        var threads = ManagementFactory.getThreadMXBean();
        long begin = threads.getCurrentThreadCpuTime();
        long until = begin + (long) (seconds * NANO);
        long runs = 0;
        long steps = 0;
        while (threads.getCurrentThreadCpuTime() < until) {
            Schedule schedule = runs % 2 == 0 ? Schedule.RANDOM : Schedule.PCT;
            Judged judged = stage.run(schedule.chance(seed + runs, DECISIONS), Plan.STEPS);
            steps += judged.steps();
            runs++;
        }
        double took = (threads.getCurrentThreadCpuTime() - begin) / NANO;
        return new Round(runs / took, steps / took);
    }
}
