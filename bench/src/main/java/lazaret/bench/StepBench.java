// SPDX-License-Identifier: Apache-2.0
package lazaret.bench;

import java.util.concurrent.TimeUnit;
import lazaret.explore.Ending;
import lazaret.explore.Run;
import lazaret.machine.Access;
import lazaret.machine.Alarm;
import lazaret.machine.Chance;
import lazaret.machine.Condition;
import lazaret.machine.Machine;
import lazaret.machine.Strand;
import lazaret.machine.Strands;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One explored step: software passes a point and goes on, hardware steps between two points, software is
 * suspended and other software resumed. The cost of starting a run is spread over its steps, and shown apart.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = {"-XX:+UseSerialGC", "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED"})
public class StepBench {
    private static final int STEPS = 10_000;
    private static final int ALARMS = 4;

    /** Takes the last alternative: other software, or else hardware. */
    private static final Chance LAST = new Chance() {
        @Override
        public int pick(int n, String why) {
            return n - 1;
        }

        @Override
        public int who(Strand[] enabled, int n) {
            return n - 1;
        }
    };

    /**
     * Idle hardware agents around: none, or about as many as a machine with an SMMU and two endpoints has.
     */
    @Param({"0", "12"})
    public int agents;

    private Machine quiet;
    private Machine busy;

    @Setup(Level.Trial)
    public void wire() {
        quiet = machine();
        busy = machine();
        Agents.busy(busy);
        busy.undo().mark();
        quiet.undo().mark();
    }

    /** One strand passes points; nobody else may step. */
    @Benchmark
    @OperationsPerInvocation(STEPS)
    public int pointAlone() {
        return run(quiet, Chance.FIRST, 1, STEPS);
    }

    /** One strand passes points and is chosen each time; another one could step. */
    @Benchmark
    @OperationsPerInvocation(STEPS)
    public int pointChosen() {
        return run(quiet, Chance.FIRST, 2, STEPS / 2);
    }

    /** Hardware is chosen at every decision. */
    @Benchmark
    @OperationsPerInvocation(STEPS)
    public int hardwareStep() {
        busy.undo().rollback();
        return run(busy, LAST, 1, STEPS);
    }

    /** Two strands, and the other one is chosen each time. */
    @Benchmark
    @OperationsPerInvocation(STEPS)
    public int switchOfTwo() {
        return run(quiet, LAST, 2, STEPS / 2);
    }

    /** Start two strands that end at once. */
    @Benchmark
    public int emptyRun() {
        return run(quiet, Chance.FIRST, 2, 0);
    }

    private Machine machine() {
        Machine machine = new Machine();
        Agents.idle(machine, agents);
        for (int i = 0; i < (agents == 0 ? 0 : ALARMS); i++) {
            Alarm alarm = machine.clock().alarm("alarm" + i);
            assert !alarm.armed();
        }
        return machine;
    }

    private static int run(Machine machine, Chance chance, int strands, int points) {
        Run run = new Run(machine, chance, STEPS);
        Ending ending = run.execute(() -> {
            for (int i = 0; i < strands; i++) {
                String name = i == 0 ? "cpu0" : "cpu1";
                machine.strands().start(name, name, Condition.ALWAYS, () -> pass(machine.strands(), points));
            }
        });
        if (ending instanceof Ending.Oops) {
            throw new IllegalStateException(ending.toString());
        }
        return run.steps();
    }

    private static void pass(Strands strands, int points) {
        for (int i = 0; i < points; i++) {
            strands.point(Access.READ, i);
        }
    }
}
