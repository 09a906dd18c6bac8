// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import lazaret.machine.Access;
import lazaret.machine.Alarm;
import lazaret.machine.Condition;
import lazaret.machine.Machine;
import lazaret.machine.Strand;
import lazaret.machine.Word;

/**
 * Software rings a device and waits for its answer or for a time-out, whichever is first. When the device
 * hears the bell it chooses whether it is alive; a live one answers before any time-out.
 */
final class DeviceWithTimeout extends Toy implements Strand {
    static final int TIMEOUT = 100;
    private static final int IDLE = 0;
    private static final int RUNG = 1;
    private static final int ALIVE = 2;
    private static final int ANSWERED = 3;
    private static final int DEAD = 4;

    private final Word state = new Word(machine.undo(), IDLE);
    private final Cell result = cell();
    private final Alarm alarm;
    private final Condition over;

    DeviceWithTimeout(Machine machine) {
        super(machine);
        alarm = machine.clock().alarm("time-out");
        over = () -> state.get() == ANSWERED || alarm.due();
        machine.add(this);
    }

    @Override
    void actors() {
        task("cpu0", () -> {
            machine.strands().point(Access.MMIO_WRITE, 0);
            state.set(RUNG);
            alarm.arm(TIMEOUT);
            machine.strands().await(over);
            result.poke(state.get() == ANSWERED ? 1 : 2);
            alarm.cancel();
        });
        task("cpu1", () -> result.read());
    }

    @Override
    String end() {
        return switch ((int) result.peek()) {
            case 0 -> "no result";
            case 1 -> "answered at " + machine.clock().now();
            default -> "timed out at " + machine.clock().now();
        };
    }

    @Override
    public String name() {
        return "device";
    }

    @Override
    public boolean enabled() {
        return state.get() == RUNG || state.get() == ALIVE;
    }

    @Override
    public void step() {
        if (state.get() == ALIVE) {
            state.set(ANSWERED);
        } else {
            state.set(machine.pick(2, "is the device dead?") == 0 ? ALIVE : DEAD);
        }
    }
}
