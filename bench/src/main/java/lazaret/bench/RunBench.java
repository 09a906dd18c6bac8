// SPDX-License-Identifier: Apache-2.0
package lazaret.bench;

import java.util.concurrent.TimeUnit;
import lazaret.explore.Pct;
import lazaret.explore.RandomWalk;
import lazaret.explore.Run;
import lazaret.machine.Access;
import lazaret.machine.Chance;
import lazaret.machine.Condition;
import lazaret.machine.Machine;
import lazaret.machine.Word;
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

/**
 * Whole executions of a toy that other tools were measured on: two threads, two locks, so many rounds; each
 * lock, unlock, read and write is a scheduling point, 18 points a round.
 */
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

    private Machine machine;
    private Word[] cells;
    private Condition[] free;
    private long seed;
    private long hits;

    @Setup(Level.Trial)
    public void wire() {
        machine = new Machine();
        cells = new Word[5];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = new Word(machine.undo());
        }
        free = new Condition[] {() -> !cells[0].test(), () -> !cells[1].test()};
        machine.undo().mark();
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
        machine.undo().rollback();
        Run run = new Run(machine, chance, LIMIT);
        run.execute(() -> {
            machine.strands().start("t1", "t1", Condition.ALWAYS, this::first);
            machine.strands().start("t2", "t2", Condition.ALWAYS, this::second);
        });
        return run.digest() ^ hits;
    }

    private void first() {
        for (int round = 1; round <= rounds; round++) {
            increment(0);
            machine.strands().point(Access.WRITE, 4);
            cells[4].set(round);
            increment(1);
        }
    }

    private void second() {
        for (int round = 1; round <= rounds; round++) {
            increment(1);
            machine.strands().point(Access.READ, 4);
            hits += cells[4].get() == round ? 1 : 0;
            increment(0);
        }
    }

    private void increment(int which) {
        machine.strands().await(free[which]);
        cells[which].set(1);
        machine.strands().point(Access.READ, which);
        long value = cells[which + 2].get();
        machine.strands().point(Access.WRITE, which);
        cells[which + 2].set(value + 1);
        machine.strands().point(Access.RELEASE, which);
        cells[which].set(0);
    }
}
