// SPDX-License-Identifier: Apache-2.0
package lazaret.bench;

import java.util.List;
import lazaret.explore.Ending;
import lazaret.explore.Program;
import lazaret.machine.Access;
import lazaret.machine.Condition;
import lazaret.machine.Machine;
import lazaret.machine.Strands;
import lazaret.machine.Word;

/**
 * P2: producers claim slots of a ring by compare-and-swap, fill them and publish them, so many each. A claim
 * that fails is tried again as a whole.
 */
final class Producers implements Program {
    private final int producers;
    private final int each;
    private final Machine machine = new Machine();
    private final Word prod;
    private final Word[] slots;
    private final Word[] valid;

    Producers(int producers, int each) {
        this.producers = producers;
        this.each = each;
        prod = new Word(machine.undo());
        slots = new Word[producers * each];
        valid = new Word[slots.length];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = new Word(machine.undo());
            valid[i] = new Word(machine.undo());
        }
        machine.undo().mark();
    }

    @Override
    public Machine machine() {
        return machine;
    }

    @Override
    public void start() {
        for (int p = 1; p <= producers; p++) {
            int value = p;
            String name = "producer" + p;
            machine.strands().start(name, name, Condition.ALWAYS, () -> produce(value));
        }
    }

    private void produce(int value) {
        int[] at = new int[1];
        Strands strands = machine.strands();
        for (int i = 0; i < each; i++) {
            strands.retryUntil(() -> {
                strands.point(Access.READ, 0);
                at[0] = prod.asInt();
                strands.point(Access.UPDATE, 0);
                return claim(at[0]);
            });
            strands.point(Access.WRITE, 2 * at[0] + 1);
            slots[at[0]].set(value);
            strands.point(Access.WRITE, 2 * at[0] + 2);
            valid[at[0]].set(1);
        }
    }

    private boolean claim(int at) {
        if (prod.get() != at) {
            return false;
        }
        prod.set(at + 1);
        return true;
    }

    @Override
    public List<String> judge(Ending ending) {
        return List.of();
    }
}
