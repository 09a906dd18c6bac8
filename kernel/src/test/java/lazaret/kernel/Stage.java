// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import lazaret.kernel.KernelEntry.BrokenContext;
import lazaret.machine.Chance;
import lazaret.machine.Entry;
import lazaret.machine.Irq;
import lazaret.machine.Machine;

/** A machine with a kernel and two CPUs, what its log said, and ways to run what was started on it. */
final class Stage {
    final Machine machine = new Machine();
    final Kernel kernel = new Kernel(machine);
    final Cpu cpu0 = kernel.cpu("cpu0");
    final Cpu cpu1 = kernel.cpu("cpu1");
    final List<Entry> log = new ArrayList<>();
    /** What the actors of the test noted, in order. */
    final List<String> notes = new ArrayList<>();
    /** Strands that waited for ever. */
    List<String> stuck = List.of();

    Stage() {
        machine.log().listen(this::heard, true);
    }

    /** That an interrupt is taken is the business of most tests, and no complaint. */
    private void heard(Entry entry) {
        if (!(entry instanceof KernelEntry.IrqTaken)) {
            log.add(entry);
        }
    }

    void note(String what) {
        notes.add(what);
    }

    /** 1, 2, 3 … for names. */
    int next() {
        notes.add("");
        return notes.size();
    }

    Irq irq(String name) {
        return new Irq(machine.undo(), name);
    }

    List<BrokenContext> broken() {
        return entries(BrokenContext.class);
    }

    List<String> rules() {
        return broken().stream().map(BrokenContext::rule).distinct().toList();
    }

    <E extends Entry> List<E> entries(Class<E> type) {
        return log.stream().filter(type::isInstance).map(type::cast).toList();
    }

    void run(Chance chance, Runnable actors) {
        stuck = Interleaved.run(machine, chance, actors);
    }

    /**
     * Runs a program under every schedule.
     *
     * @param wiring wires and returns the actors
     * @param check  is applied to the stage after each run
     * @return number of runs
     */
    static int all(Program wiring, Consumer<Stage> check) {
        Odometer odometer = new Odometer();
        int runs = 0;
        do {
            Stage stage = new Stage();
            stage.run(odometer, wiring.wire(stage));
            check.accept(stage);
            runs++;
        } while (odometer.advance() && runs < 200_000);
        return runs;
    }

    /** Runs a program under {@code count} random schedules. */
    static void random(int count, Program wiring, Consumer<Stage> check) {
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < count; i++) {
            Stage stage = new Stage();
            stage.run((n, why) -> random.nextInt(n), wiring.wire(stage));
            check.accept(stage);
        }
    }

    interface Program {
        /** Wires the stage; the answer starts the actors. */
        Runnable wire(Stage stage);
    }

    /** Goes through all sequences of choices, depth first. */
    private static final class Odometer implements Chance {
        private final List<int[]> wheels = new ArrayList<>();
        private int at;

        @Override
        public int pick(int n, String why) {
            if (at == wheels.size()) {
                wheels.add(new int[] {0, n});
            }
            int[] wheel = wheels.get(at++);
            if (wheel[1] != n) {
                throw new IllegalStateException("not deterministic: " + why);
            }
            return wheel[0];
        }

        boolean advance() {
            at = 0;
            while (!wheels.isEmpty()) {
                int[] last = wheels.getLast();
                if (++last[0] < last[1]) {
                    return true;
                }
                wheels.removeLast();
            }
            return false;
        }
    }
}
