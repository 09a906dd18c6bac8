// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import lazaret.machine.Machine;

/** Two threads take two locks, each in the other's order. */
final class CrossedLocks extends Toy {
    private final Lock a = lock();
    private final Lock b = lock();
    private final Cell done = cell();

    CrossedLocks(Machine machine) {
        super(machine);
    }

    @Override
    void actors() {
        task("ab", () -> both(a, b));
        task("ba", () -> both(b, a));
    }

    @Override
    String end() {
        return "done=" + done.peek();
    }

    private void both(Lock first, Lock second) {
        first.lock();
        second.lock();
        done.poke(done.peek() + 1);
        second.unlock();
        first.unlock();
    }
}
