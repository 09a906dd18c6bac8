// SPDX-License-Identifier: Apache-2.0
package lazaret.bench;

import java.util.List;
import lazaret.explore.Ending;
import lazaret.explore.Program;
import lazaret.machine.Access;
import lazaret.machine.Condition;
import lazaret.machine.Machine;
import lazaret.machine.Undo;
import lazaret.machine.Word;

/**
 * P1: two threads, two locks, so many rounds. One increments A under its lock, says which round it is in,
 * increments B; the other increments B, looks at the flag, increments A. Each lock, unlock, read and write is
 * a scheduling point, 18 points a round. It is broken when the second one finds the first there every time.
 */
final class TwoLocks implements Program {
    private static final int FLAG = 8;

    /** A number behind a lock. */
    private final class Counter {
        private final int name;
        private final Word held;
        private final Word value;
        private final Condition free;

        Counter(Undo undo, int name) {
            this.name = name;
            held = new Word(undo);
            value = new Word(undo);
            free = () -> !held.test();
        }

        void increment() {
            machine.strands().await(free);
            held.set(1);
            machine.strands().point(Access.READ, name);
            long before = value.get();
            machine.strands().point(Access.WRITE, name);
            value.set(before + 1);
            machine.strands().point(Access.RELEASE, name + 1);
            held.set(0);
        }
    }

    private final int rounds;
    private final Machine machine = new Machine();
    private final Counter a;
    private final Counter b;
    private final Word flag;
    private final Word hits;

    TwoLocks(int rounds) {
        this.rounds = rounds;
        Undo undo = machine.undo();
        a = new Counter(undo, 0);
        b = new Counter(undo, 2);
        flag = new Word(undo);
        hits = new Word(undo);
        undo.mark();
    }

    @Override
    public Machine machine() {
        return machine;
    }

    @Override
    public void start() {
        machine.strands().start("t1", "t1", Condition.ALWAYS, this::first);
        machine.strands().start("t2", "t2", Condition.ALWAYS, this::second);
    }

    private void first() {
        for (int round = 1; round <= rounds; round++) {
            a.increment();
            machine.strands().point(Access.WRITE, FLAG);
            flag.set(round);
            b.increment();
        }
    }

    private void second() {
        int found = 0;
        for (int round = 1; round <= rounds; round++) {
            b.increment();
            machine.strands().point(Access.READ, FLAG);
            found += flag.get() == round ? 1 : 0;
            a.increment();
        }
        hits.set(found);
    }

    @Override
    public List<String> judge(Ending ending) {
        return hits.get() == rounds ? List.of("found there every time") : List.of();
    }
}
