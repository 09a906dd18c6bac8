// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import lazaret.machine.Machine;

/** Producers as in {@link Ring}; a claim that fails is tried again as a whole. */
final class RetryRing extends Toy {
    private final int producers;
    private final int each;
    private final Cell prod = cell();
    private final Cell[] slots;
    private final Cell[] valid;

    RetryRing(Machine machine, int producers, int each) {
        super(machine);
        this.producers = producers;
        this.each = each;
        slots = new Cell[producers * each];
        valid = new Cell[slots.length];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = cell();
            valid[i] = cell();
        }
    }

    @Override
    void actors() {
        for (int p = 1; p <= producers; p++) {
            int value = p;
            task("producer" + p, () -> {
                for (int i = 0; i < each; i++) {
                    produce(value);
                }
            });
        }
    }

    @Override
    String end() {
        return "prod=" + prod.peek();
    }

    private void produce(int value) {
        int[] at = new int[1];
        machine.strands().retryUntil(() -> {
            at[0] = (int) prod.read();
            return prod.cas(at[0], at[0] + 1);
        });
        slots[at[0]].write(value);
        valid[at[0]].write(1);
    }
}
