// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import lazaret.machine.Log;
import lazaret.machine.Machine;
import lazaret.machine.Ram;
import lazaret.machine.Word;
import lazaret.smmuv3.Cr0;
import lazaret.smmuv3.Event;
import lazaret.smmuv3.Gerror;
import lazaret.smmuv3.Queue;
import lazaret.smmuv3.Reg;

/**
 * Where faults are recorded for software. A record and the index that publishes it are one step. What does
 * not fit is dropped, unless its transaction stalls: then both wait.
 *
 * @spec IHI0070 3.5.4
 */
final class EventQueue {
    /** No name: the record was not written. */
    static final int NO_ROOM = -1;

    private static final int STAGS = 1 << 16;

    private final Ram ram;
    private final Log log;
    private final Registers registers;
    private final Interrupts interrupts;
    private final Word stags;

    EventQueue(Machine machine, Registers registers, Interrupts interrupts) {
        ram = machine.ram();
        log = machine.log();
        this.registers = registers;
        this.interrupts = interrupts;
        stags = new Word(machine.undo());
    }

    /** Records that a transaction stalls; the name it has there, or {@link #NO_ROOM}. */
    int recordStall(Event event) {
        if (!hasRoom()) {
            return NO_ROOM;
        }
        int stag = (int) (stags.add(1) - 1) & STAGS - 1;
        record(Event.stalled(event, stag));
        return stag;
    }

    /** Would a record be written now? */
    boolean hasRoom() {
        int prod = (int) registers.get(Reg.EVENTQ_PROD);
        return open() && registers.eventq().space(prod, (int) registers.get(Reg.EVENTQ_CONS)) > 0;
    }

    private boolean open() {
        return registers.on(Cr0.EVENTQEN) && registers.working()
                && !interrupts.active(Gerror.EVENTQ_ABT_ERR);
    }

    void record(Event event) {
        boolean written = write(event);
        if (log.narrates()) {
            log.add(new SmmuEntry.EventRecorded(event, written));
        }
    }

    private boolean write(Event event) {
        if (!open()) {
            return false;
        }
        Queue queue = registers.eventq();
        int prod = (int) registers.get(Reg.EVENTQ_PROD);
        int cons = (int) registers.get(Reg.EVENTQ_CONS);
        if (queue.space(prod, cons) == 0) {
            registers.set(Reg.EVENTQ_PROD, Queue.drop(prod, cons));
            return false;
        }
        long at = queue.slot(registers.get(Reg.EVENTQ_BASE), prod, Queue.EVENT);
        if (!ram.backs(at)) {
            interrupts.raise(Gerror.EVENTQ_ABT_ERR);
            return false;
        }
        ram.store(at, event.w0());
        ram.store(at + 8, event.w1());
        ram.store(at + 16, event.w2());
        ram.store(at + 24, event.w3());
        registers.set(Reg.EVENTQ_PROD, queue.inc(prod));
        if (queue.empty(prod, cons)) {
            interrupts.eventqFilled();
        }
        return true;
    }
}
