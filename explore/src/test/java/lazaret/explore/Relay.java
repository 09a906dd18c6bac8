// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import lazaret.machine.Machine;

/**
 * One wakes another, who stands before him and wakes a third: that one writes what a fourth writes too, who
 * was there all the time. So the fourth is not alone with what it writes.
 */
final class Relay extends Toy {
    private final Cell first = cell();
    private final Cell second = cell();
    private final Cell other = cell();
    private final Cell last = cell();
    private final Cell seen = cell();

    Relay(Machine machine) {
        super(machine);
    }

    @Override
    void actors() {
        task("second", () -> {
            machine.strands().await(() -> first.peek() != 0);
            second.write(1);
        });
        task("third", () -> {
            machine.strands().await(() -> second.peek() != 0);
            last.write(1);
        });
        task("first", () -> {
            other.write(1);
            first.write(1);
        });
        task("fourth", () -> {
            last.write(2);
            seen.write(other.read());
        });
    }

    @Override
    String end() {
        return "last " + last.peek() + ", seen " + seen.peek();
    }
}
