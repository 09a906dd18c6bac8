// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import lazaret.machine.Machine;

/**
 * Producers claim slots of a ring by compare-and-swap, fill them and publish them. The early variant
 * publishes before it fills, and a consumer looks once at the last slot: it may find it published and empty.
 */
final class Ring extends Toy {
    private final int producers;
    private final int each;
    private final boolean early;
    private final Cell prod = cell();
    private final Cell[] slots;
    private final Cell[] valid;
    private final Cell emptySeen = cell();

    Ring(Machine machine, int producers, int each, boolean early) {
        super(machine);
        this.producers = producers;
        this.each = each;
        this.early = early;
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
        if (early) {
            task("consumer", () -> {
                int last = slots.length - 1;
                if (valid[last].read() == 1 && slots[last].read() == 0) {
                    emptySeen.poke(1);
                }
            });
        }
    }

    @Override
    String end() {
        var text = new StringBuilder("prod=" + prod.peek() + (emptySeen.peek() == 1 ? " empty seen:" : ":"));
        for (int i = 0; i < slots.length; i++) {
            text.append(' ').append(valid[i].peek() == 1 ? slots[i].peek() : -1);
        }
        return text.toString();
    }

    private void produce(int value) {
        long at = prod.read();
        while (!prod.cas(at, at + 1)) {
            at = prod.read();
        }
        if (early) {
            valid[(int) at].write(1);
            slots[(int) at].write(value);
        } else {
            slots[(int) at].write(value);
            valid[(int) at].write(1);
        }
    }
}
