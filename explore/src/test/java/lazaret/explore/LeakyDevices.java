// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import lazaret.machine.Machine;
import lazaret.machine.Strand;
import lazaret.machine.Word;

/**
 * Two devices say that they are ready; software asks which of them was last. Or, if it is planted, which was
 * is in no cell: then states that differ are taken for one.
 */
final class LeakyDevices extends Toy {
    private final boolean planted;
    private final Word ready = new Word(machine.undo());
    private final Word last = new Word(machine.undo());
    private final Cell result = cell();
    private int unseen;

    LeakyDevices(Machine machine, boolean planted) {
        super(machine);
        this.planted = planted;
        machine.add(new Device(1));
        machine.add(new Device(2));
    }

    @Override
    void actors() {
        task("cpu0", () -> {
            machine.strands().await(() -> ready.get() == 3);
            result.poke(planted ? unseen : last.get());
        });
    }

    @Override
    String end() {
        return "last " + result.peek();
    }

    private final class Device implements Strand {
        private final int number;

        Device(int number) {
            this.number = number;
        }

        @Override
        public String name() {
            return "device" + number;
        }

        @Override
        public boolean enabled() {
            return (ready.get() & number) == 0;
        }

        @Override
        public void step() {
            ready.set(ready.get() | number);
            unseen = number;
            if (!planted) {
                last.set(number);
            }
        }
    }
}
