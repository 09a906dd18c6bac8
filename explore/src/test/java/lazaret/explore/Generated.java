// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import lazaret.machine.Machine;
import lazaret.machine.Strand;
import lazaret.machine.Word;

/**
 * A small program made from a seed: software that reads, writes, adds, locks, waits, chooses, tries again and
 * starts more software; hardware that copies and counts; a time-out. Any of it may deadlock.
 */
final class Generated extends Toy {
    private static final int CELLS = 3;

    @FunctionalInterface
    private interface Op {
        /** @return what the task remembers from now on */
        long run(long memory);
    }

    /** Hardware that, a few times, does something to two cells. */
    private final class Copier implements Strand {
        private final String name;
        private final Cell from;
        private final Cell to;
        private final boolean chooses;
        private final Word left;

        Copier(String name, Cell from, Cell to, boolean chooses) {
            this.name = name;
            this.from = from;
            this.to = to;
            this.chooses = chooses;
            left = new Word(machine.undo(), 2);
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean enabled() {
            return left.test() && from.peek() != to.peek();
        }

        @Override
        public void step() {
            left.add(-1);
            to.poke(chooses && machine.pick(2, "forgets") == 1 ? 0 : from.peek());
        }
    }

    private final SplittableRandom random;
    private final Cell[] cells = new Cell[CELLS];
    private final Lock[] locks = {lock(), lock()};
    private final Cell[] results;
    private final List<List<Op>> tasks = new ArrayList<>();

    Generated(Machine machine, long seed) {
        super(machine);
        random = new SplittableRandom(seed);
        for (int i = 0; i < CELLS; i++) {
            cells[i] = cell();
        }
        int count = 2 + random.nextInt(2);
        results = new Cell[count + 1];
        for (int t = 0; t <= count; t++) {
            results[t] = cell();
        }
        for (int t = 0; t < count; t++) {
            tasks.add(ops(count == 2 ? 3 : 2));
        }
        if (random.nextInt(2) == 0) {
            machine.add(new Copier("copier", any(), any(), random.nextBoolean()));
        }
    }

    @Override
    void actors() {
        for (int t = 0; t < tasks.size(); t++) {
            int self = t;
            task("t" + t, () -> results[self].poke(perform(tasks.get(self))));
        }
    }

    @Override
    String end() {
        var text = new StringBuilder();
        for (Cell cell : cells) {
            text.append(cell.peek()).append(' ');
        }
        for (Cell result : results) {
            text.append('/').append(result.peek());
        }
        return text.toString();
    }

    @Override
    List<String> broken() {
        return results[0].peek() == results[1].peek() ? List.of("both know the same") : List.of();
    }

    private static long perform(List<Op> ops) {
        long memory = 0;
        for (Op op : ops) {
            memory = op.run(memory);
        }
        return memory;
    }

    private List<Op> ops(int count) {
        List<Op> ops = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ops.add(op());
        }
        return ops;
    }

    private Op op() {
        Cell one = any();
        Cell other = any();
        long value = 1 + random.nextInt(2);
        return switch (random.nextInt(9)) {
            case 0 -> memory -> memory * 5 + one.read();
            case 1 -> memory -> {
                one.write(value);
                return memory;
            };
            case 2 -> memory -> {
                one.write(other.read() + value);
                return memory;
            };
            case 3 -> memory -> memory * 2 + (one.cas(0, value) ? 1 : 0);
            case 4 -> locked(locks[random.nextInt(2)], one, value);
            case 5 -> memory -> {
                machine.strands().await(() -> one.peek() != 0 || other.peek() == 0);
                return memory;
            };
            case 6 -> memory -> {
                one.write(machine.pick(2, "which") + value);
                return memory;
            };
            case 7 -> memory -> {
                machine.strands().retryUntil(() -> {
                    long seen = one.read();
                    return one.cas(seen, seen + 1);
                });
                return memory;
            };
            default -> nested(locks[0], locks[random.nextInt(2)], one);
        };
    }

    private static Op locked(Lock lock, Cell cell, long value) {
        return memory -> {
            lock.lock();
            cell.poke(cell.peek() + value);
            lock.unlock();
            return memory;
        };
    }

    private Op nested(Lock first, Lock second, Cell cell) {
        boolean swap = random.nextBoolean();
        return memory -> {
            (swap ? second : first).lock();
            long seen = cell.read();
            (swap ? first : second).lock();
            cell.write(seen + 1);
            first.unlock();
            second.unlock();
            return memory;
        };
    }

    private Cell any() {
        return cells[random.nextInt(CELLS)];
    }
}
