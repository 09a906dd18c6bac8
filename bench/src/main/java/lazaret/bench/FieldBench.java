// SPDX-License-Identifier: Apache-2.0
package lazaret.bench;

import java.util.concurrent.TimeUnit;
import lazaret.machine.Coded;
import lazaret.machine.Field;
import lazaret.machine.Layout;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Fields from a table against shifts written by hand: four fields of a word each time. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "-XX:+UseSerialGC")
public class FieldBench {
    private enum Mode4 implements Coded {
        ABORT, BYPASS, S1, S2;

        @Override
        public int code() {
            return ordinal();
        }
    }

    private static final int WORDS = 1024;
    private static final Layout ENTRY = new Layout("ENTRY", 1);
    private static final Field V = ENTRY.bit("V", 0, 0);
    private static final Field MODE = ENTRY.bits("Mode", 0, 3, 1, Mode4.class);
    private static final Field PTR = ENTRY.bits("Ptr", 0, 51, 6);
    private static final Field TOP = ENTRY.bits("Top", 0, 63, 59);

    private final long[] words = new long[WORDS];

    public FieldBench() {
        for (int i = 0; i < WORDS; i++) {
            words[i] = i * 0x9E3779B97F4A7C15L;
        }
    }

    @Benchmark
    @OperationsPerInvocation(WORDS * 4)
    public long getByField() {
        long sum = 0;
        for (long w : words) {
            sum += V.get(w) ^ MODE.get(w) ^ PTR.get(w) ^ TOP.get(w);
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(WORDS * 4)
    public long getByHand() {
        long sum = 0;
        for (long w : words) {
            sum += w & 1 ^ w >>> 1 & 7 ^ w >>> 6 & 0x3fff_ffff_ffffL ^ w >>> 59;
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(WORDS * 4)
    public long putByField() {
        long sum = 0;
        for (int i = 0; i < WORDS; i++) {
            long w = words[i];
            w = V.put(w, i & 1);
            w = MODE.put(w, i & 7);
            w = PTR.put(w, i);
            sum += TOP.put(w, i & 31);
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(WORDS * 4)
    public long putByHand() {
        long sum = 0;
        for (int i = 0; i < WORDS; i++) {
            long w = words[i];
            w = w & ~1L | i & 1;
            w = w & ~0xeL | (i & 7L) << 1;
            w = w & ~0x000f_ffff_ffff_ffc0L | (long) i << 6;
            sum += w & 0x07ff_ffff_ffff_ffffL | (i & 31L) << 59;
        }
        return sum;
    }
}
