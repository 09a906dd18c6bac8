// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import lazaret.machine.Machine;

/** Threads that each add one to a counter without a lock: read, then write. */
final class LostUpdate extends Toy {
    private final int threads;
    private final Cell counter = cell();

    LostUpdate(Machine machine, int threads) {
        super(machine);
        this.threads = threads;
    }

    @Override
    void actors() {
        for (int t = 1; t <= threads; t++) {
            task("t" + t, () -> counter.write(counter.read() + 1));
        }
    }

    @Override
    String end() {
        return "counter=" + counter.peek();
    }
}
