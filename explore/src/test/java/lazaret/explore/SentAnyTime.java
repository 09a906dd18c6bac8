// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import lazaret.machine.Alarm;
import lazaret.machine.Machine;
import lazaret.machine.Strand;
import lazaret.machine.Word;

/**
 * A device sends when it pleases; what it sent is seen before time goes on. Software changes what there is to
 * see when its time has come: so it matters whether the device sends before or after that, although the
 * sending itself has nothing to do with time.
 */
final class SentAnyTime extends Toy {
    private final Word left = new Word(machine.undo(), 1);
    private final Word sent = new Word(machine.undo());
    private final Word seen = new Word(machine.undo());
    private final Cell level = cell();
    private final Alarm alarm;

    SentAnyTime(Machine machine) {
        super(machine);
        alarm = machine.clock().alarm("level rises");
        machine.add(new Sender());
        machine.add(new Seer());
    }

    private final class Sender implements Strand {
        @Override
        public String name() {
            return "sender";
        }

        @Override
        public boolean enabled() {
            return left.test();
        }

        @Override
        public boolean prompt() {
            return false;
        }

        @Override
        public void step() {
            left.set(0);
            sent.set(1);
        }
    }

    private final class Seer implements Strand {
        @Override
        public String name() {
            return "seer";
        }

        @Override
        public boolean enabled() {
            return sent.test();
        }

        @Override
        public void step() {
            sent.set(0);
            seen.set(1 + level.peek());
        }
    }

    @Override
    void actors() {
        task("cpu", () -> {
            alarm.arm(100);
            machine.strands().await(alarm::due);
            level.poke(1);
        });
    }

    @Override
    String end() {
        return "seen " + seen.get();
    }
}
