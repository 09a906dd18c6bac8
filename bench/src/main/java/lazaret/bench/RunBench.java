// SPDX-License-Identifier: Apache-2.0
package lazaret.bench;

import java.util.concurrent.TimeUnit;
import lazaret.explore.Pct;
import lazaret.explore.RandomWalk;
import lazaret.explore.Run;
import lazaret.machine.Chance;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Whole executions of a toy that other tools were measured on. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = {"-XX:+UseSerialGC", "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED"})
public class RunBench {
    private static final int LIMIT = 10_000;

    @Param({"3", "5"})
    public int rounds;

    private TwoLocks program;
    private long seed;

    @Setup(Level.Trial)
    public void wire() {
        program = new TwoLocks(rounds);
    }

    @Benchmark
    public long straight() {
        return run(Chance.FIRST);
    }

    @Benchmark
    public long randomWalk() {
        return run(new RandomWalk(seed++));
    }

    @Benchmark
    public long pct() {
        return run(new Pct(seed++, 3, 18 * rounds));
    }

    private long run(Chance chance) {
        program.machine().undo().rollback();
        Run run = new Run(program.machine(), chance, LIMIT);
        run.execute(program::start);
        return run.digest();
    }
}
