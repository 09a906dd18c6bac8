// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import lazaret.machine.Machine;

/**
 * Two threads, so many rounds. One increments A under its lock, says which round it is in, increments B under
 * its lock; the other increments B, looks at the flag, increments A. It "hits" in each round in which it
 * finds the other one there.
 */
final class TwoLocks extends Toy {
    private final int rounds;
    private final Cell a = cell();
    private final Cell b = cell();
    private final Cell flag = cell();
    private final Lock lockA = lock();
    private final Lock lockB = lock();
    private final Cell hits = cell();

    TwoLocks(Machine machine, int rounds) {
        super(machine);
        this.rounds = rounds;
    }

    @Override
    void actors() {
        task("t1", () -> {
            for (int round = 1; round <= rounds; round++) {
                increment(lockA, a);
                flag.write(round);
                increment(lockB, b);
            }
        });
        task("t2", () -> {
            int found = 0;
            for (int round = 1; round <= rounds; round++) {
                increment(lockB, b);
                if (flag.read() == round) {
                    found++;
                }
                increment(lockA, a);
            }
            hits.poke(found);
        });
    }

    @Override
    String end() {
        return "a=" + a.peek() + " b=" + b.peek() + " hits=" + hits.peek();
    }

    private static void increment(Lock lock, Cell cell) {
        lock.lock();
        cell.write(cell.read() + 1);
        lock.unlock();
    }
}
