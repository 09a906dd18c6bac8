// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import lazaret.machine.Machine;
import lazaret.machine.Ram;
import lazaret.machine.Word;
import lazaret.machine.Words;
import lazaret.smmuv3.CmdqCons;
import lazaret.smmuv3.Queue;
import lazaret.smmuv3.Reg;

/**
 * How the engine reads commands and says that they were consumed: one by one, or with {@link
 * Liberty#FETCHES_AHEAD} some before their turn, and some at once.
 *
 * @spec IHI0070 3.5
 */
final class FetchAhead {
    private static final int DEPTH = 4;

    private final Machine machine;
    private final Ram ram;
    private final Registers registers;
    private final boolean takes;
    private final Words words;
    /** How many commands are read and not consumed, the current one among them. */
    private final Word held;
    /** Which of {@link #words} is the current one. */
    private final Word first;
    /** How many are consumed that CMDQ_CONS does not tell yet. */
    private final Word untold;

    FetchAhead(Machine machine, SmmuParams params, Registers registers) {
        this.machine = machine;
        this.registers = registers;
        ram = machine.ram();
        takes = params.takes(Liberty.FETCHES_AHEAD);
        words = new Words(machine.undo(), 2 * DEPTH);
        held = new Word(machine.undo());
        first = new Word(machine.undo());
        untold = new Word(machine.undo());
    }

    /** The index of the current command, wrap bit included. */
    int cons() {
        int told = CmdqCons.RD.getInt(registers.get(Reg.CMDQ_CONS));
        return untold.test() ? registers.cmdq().add(told, untold.asInt()) : told;
    }

    /** Makes {@link #w0} and {@link #w1} be the current command; false if there is no memory. */
    boolean fetch() {
        if (held.test()) {
            return true;
        }
        if (!takes) {
            return ram.backs(at(0));
        }
        int more = more(cons());
        first.set(0);
        for (int i = 0; i <= more; i++) {
            long at = at(i);
            if (!ram.backs(at)) {
                return i > 0;
            }
            words.set(2 * i, ram.load(at));
            words.set(2 * i + 1, ram.load(at + 8));
            held.set(i + 1);
        }
        return true;
    }

    /** Address of the command that is so many behind the current one. */
    private long at(int behind) {
        Queue queue = registers.cmdq();
        return queue.slot(registers.get(Reg.CMDQ_BASE), queue.add(cons(), behind), Queue.COMMAND);
    }

    private int more(int cons) {
        int behind = registers.cmdq().used((int) registers.get(Reg.CMDQ_PROD), cons) - 1;
        int most = Math.min(DEPTH - 1, behind);
        return most > 0 ? machine.pick(most + 1, "how many commands are read before their turn") : 0;
    }

    long w0() {
        return takes ? words.get(2 * first.asInt()) : ram.load(at(0));
    }

    long w1() {
        return takes ? words.get(2 * first.asInt() + 1) : ram.load(at(0) + 8);
    }

    /** The current command is done with. */
    void consumed() {
        if (!takes) {
            tell(1);
            return;
        }
        held.add(-1);
        first.add(1);
        untold.add(1);
        if (!held.test() || machine.pick(2, "CMDQ_CONS does not move yet") == 0) {
            publish();
        }
    }

    /** CMDQ_CONS tells all. */
    void publish() {
        if (untold.test()) {
            tell(untold.asInt());
            untold.set(0);
        }
    }

    private void tell(int more) {
        long cons = registers.get(Reg.CMDQ_CONS);
        long next = registers.cmdq().add(CmdqCons.RD.getInt(cons), more);
        registers.set(Reg.CMDQ_CONS, cons & ~CmdqCons.RD.mask() | next);
    }

    /** What is held is forgotten, and will be read again. */
    void drop() {
        publish();
        held.set(0);
    }
}
