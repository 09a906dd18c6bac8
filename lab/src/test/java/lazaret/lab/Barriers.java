// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import lazaret.explore.Ending;
import lazaret.explore.Program;
import lazaret.kernel.Cpu;
import lazaret.kernel.Kernel;
import lazaret.kernel.Registers;
import lazaret.kernel.Shared;
import lazaret.machine.Frame;
import lazaret.machine.Machine;
import lazaret.machine.Mmio;
import lazaret.machine.Strand;
import lazaret.machine.Undo;
import lazaret.machine.Word;

/**
 * A small program made from a seed, on two CPUs with store buffers: stores, loads, barriers, updates, writes
 * to a register that makes a device copy a word of memory. It breaks its rule when both CPUs saw the same.
 */
final class Barriers implements Program {
    private static final int STORES = 2;
    private static final int OPS = 3;
    private static final long PAGE = 16 * Frame.SIZE;

    /** One operation; what it saw, 0 for nothing. */
    private interface Op {
        long run();
    }

    /** Told by its register to copy the first word to the second; says how often it was told. */
    private static final class Copier implements Strand, Mmio {
        private final Machine machine;
        private final Word told;

        Copier(Machine machine) {
            this.machine = machine;
            told = new Word(machine.undo());
        }

        @Override
        public String name() {
            return "copier";
        }

        @Override
        public boolean enabled() {
            return told.get() % 2 == 1;
        }

        @Override
        public void step() {
            told.add(1);
            machine.ram().store(PAGE + Long.BYTES, machine.ram().load(PAGE) * 3);
        }

        @Override
        public int read32(int offset) {
            return told.asInt();
        }

        @Override
        public void write32(int offset, int value) {
            told.set(told.get() | value);
        }

        @Override
        public long read64(int offset) {
            return read32(offset);
        }

        @Override
        public void write64(int offset, long value) {
            write32(offset, (int) value);
        }
    }

    private final Machine machine = new Machine();
    private final Kernel kernel = new Kernel(machine);
    private final List<Cpu> cpus = List.of(kernel.cpu("cpu0"), kernel.cpu("cpu1"));
    private final Shared flag = new Shared(kernel, "flag");
    private final Registers registers;
    private final SplittableRandom random;
    private final List<List<Op>> tasks = new ArrayList<>();
    private final List<Word> seen = new ArrayList<>();

    Barriers(long seed, boolean buffered) {
        var copier = new Copier(machine);
        machine.add(copier);
        registers = kernel.mmio(copier);
        random = new SplittableRandom(seed);
        Undo undo = machine.undo();
        for (int i = 0; i < cpus.size(); i++) {
            tasks.add(LongStream.range(0, OPS).mapToObj(_ -> op()).toList());
            seen.add(new Word(undo));
        }
        if (buffered) {
            kernel.storeBuffers(STORES);
        }
        undo.mark();
    }

    private Op op() {
        long pa = PAGE + Long.BYTES * random.nextInt(2);
        long value = 1 + random.nextInt(2);
        return switch (random.nextInt(11)) {
            case 0, 1, 2, 3 -> silently(() -> kernel.memory().store(pa, value));
            case 4, 5, 6 -> () -> kernel.memory().load(pa);
            case 7 -> silently(random.nextBoolean() ? kernel::smpMb : kernel::dmaWmb);
            case 8 -> random.nextBoolean() ? () -> flag.fetchAdd(value) : () -> flag.fetchAddRelaxed(value);
            case 9 -> silently(random.nextBoolean() ? () -> registers.write32(0, 1)
                    : () -> registers.writeRelaxed32(0, 1));
            default -> () -> registers.read32(0);
        };
    }

    private static Op silently(Runnable what) {
        return () -> {
            what.run();
            return 0;
        };
    }

    @Override
    public Machine machine() {
        return machine;
    }

    @Override
    public void start() {
        for (int i = 0; i < cpus.size(); i++) {
            List<Op> ops = tasks.get(i);
            Word result = seen.get(i);
            cpus.get(i).start("t" + i, () -> {
                long all = 1;
                for (Op op : ops) {
                    all = all * 7 + op.run();
                }
                result.set(all);
            });
        }
    }

    @Override
    public List<String> judge(Ending ending) {
        boolean same = seen.getFirst().get() == seen.getLast().get();
        return same && ending instanceof Ending.Rest ? List.of("both saw the same") : List.of();
    }
}
