// SPDX-License-Identifier: Apache-2.0
package lazaret.bench;

import java.util.concurrent.TimeUnit;
import lazaret.machine.Frame;
import lazaret.machine.Machine;
import lazaret.machine.Ram;
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

/** Memory between two runs: four stores to each of so many pages, then back to the mark. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "-XX:+UseSerialGC")
public class RollbackBench {
    private static final int STORES = 4;
    private static final long STRIDE = 1032;    // over the page, not a multiple of a cache line

    @Param({"16", "64", "256"})
    public int pages;

    private Machine machine;
    private Ram ram;
    private long value;

    @Setup(Level.Trial)
    public void wire() {
        machine = new Machine();
        ram = machine.ram();
        storeAll();
        machine.undo().mark();
    }

    @Benchmark
    public int storeAndRollBack() {
        storeAll();
        int changes = machine.undo().size();
        machine.undo().rollback();
        return changes;
    }

    /** The same stores without a roll-back: what is left to subtract. */
    @Benchmark
    public int storeOnly() {
        storeAll();
        int changes = machine.undo().size();
        machine.undo().mark();
        return changes;
    }

    private void storeAll() {
        value++;
        for (int page = 0; page < pages; page++) {
            for (int i = 0; i < STORES; i++) {
                ram.store((long) page * Frame.SIZE + i * STRIDE, value);
            }
        }
    }
}
