// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import java.util.ArrayList;
import java.util.List;
import lazaret.machine.Log;
import lazaret.machine.Machine;
import lazaret.machine.Ram;
import lazaret.machine.Ref;
import lazaret.machine.Strand;
import lazaret.machine.Word;
import lazaret.smmuv3.Cr0;
import lazaret.smmuv3.Event;
import lazaret.smmuv3.EventId;
import lazaret.smmuv3.Evt;
import lazaret.smmuv3.Gerror;
import lazaret.smmuv3.Queue;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.Ste;
import lazaret.smmuv3.Verdict;

/**
 * Where faults are recorded for software. A record and the index that publishes it are one step. What does
 * not fit is dropped, unless its transaction stalls: then both wait. With {@link Liberty#HOLDS_EVENTS} a
 * record is written some time after its transaction has ended, in order, and not later than a CMD_SYNC.
 *
 * @spec IHI0070 3.5.4
 */
final class EventQueue implements Strand {
    /** No name: the record was not written. */
    static final int NO_ROOM = -1;

    private static final int STAGS = 1 << 16;
    private static final int PAGE = 12;
    /** So many records may be held back. */
    private static final int LATE = 8;

    private final Ram ram;
    private final Log log;
    private final Registers registers;
    private final Interrupts interrupts;
    private final Word stags;
    private final boolean merges;
    private final boolean holds;
    /** Records that are held back, a ring; and how many were held back and written since the start. */
    private final List<Ref<Event>> late;
    private final Word heldBack;
    private final Word released;

    EventQueue(Machine machine, SmmuParams params, Registers registers, Interrupts interrupts) {
        ram = machine.ram();
        log = machine.log();
        this.registers = registers;
        this.interrupts = interrupts;
        stags = new Word(machine.undo());
        merges = params.takes(Liberty.MERGES_EVENTS);
        holds = params.takes(Liberty.HOLDS_EVENTS);
        List<Ref<Event>> ring = new ArrayList<>();
        for (int i = 0; i < LATE; i++) {
            ring.add(new Ref<>(machine.undo(), null));
        }
        late = List.copyOf(ring);
        heldBack = new Word(machine.undo());
        released = new Word(machine.undo());
    }

    // As a strand, which there is only where records are held back.

    @Override
    public String name() {
        return "smmu evtq";
    }

    @Override
    public String lane() {
        return Smmu.LANE;
    }

    @Override
    public boolean enabled() {
        return heldBack.get() != released.get();
    }

    /** Writes the oldest record that is held back. */
    @Override
    public void step() {
        Ref<Event> oldest = late.get((int) released.get() % LATE);
        released.add(1);
        Event event = oldest.get();
        oldest.set(null);
        written(event.w0(), event.w1(), event.w2(), event.w3());
    }

    /** A CMD_SYNC is about to complete: nothing is held back any more. */
    void release() {
        while (enabled()) {
            step();
        }
    }

    /** Records that a transaction stalls; the name it has there, or {@link #NO_ROOM}. */
    int recordStall(Verdict verdict) {
        release();
        if (!hasRoom()) {
            return NO_ROOM;
        }
        int stag = (int) (stags.add(1) - 1) & STAGS - 1;
        written(verdict.event(0), verdict.event(1) | Evt.STALL.mask() | Evt.STAG.prep(stag), verdict.event(2),
                verdict.event(3));
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

    /**
     * Records the event of a verdict.
     *
     * @param ste of the transaction's stream, or null: it says whether events may be merged
     */
    void record(Verdict verdict, Ste ste) {
        record(verdict.event(0), verdict.event(1), verdict.event(2), verdict.event(3), ste);
    }

    private void record(long w0, long w1, long w2, long w3, Ste ste) {
        if (merges && mergeable(w0, ste) && repeats(w0, w1, w2, w3)) {
            return;
        }
        if (!holds) {
            written(w0, w1, w2, w3);
            return;
        }
        if (heldBack.get() - released.get() == LATE) {
            step();
        }
        late.get((int) heldBack.get() % LATE).set(Event.decode(w0, w1, w2, w3));
        heldBack.add(1);
    }

    private void written(long w0, long w1, long w2, long w3) {
        boolean written = write(w0, w1, w2, w3);
        if (log.narrates()) {
            log.add(new SmmuEntry.EventRecorded(Event.decode(w0, w1, w2, w3), written));
        }
    }

    private static boolean mergeable(long w0, Ste ste) {
        return switch (EventId.of(Evt.ID.getInt(w0))) {
            case F_UUT, C_BAD_STREAMID, F_STE_FETCH, C_BAD_STE -> true;
            case F_BAD_ATS_TREQ, F_STREAM_DISABLED, F_TRANSL_FORBIDDEN, C_BAD_SUBSTREAMID, F_CD_FETCH,
                 C_BAD_CD, F_WALK_EABT, F_TRANSLATION, F_ADDR_SIZE, F_ACCESS, F_PERMISSION, F_TLB_CONFLICT,
                 F_CFG_CONFLICT, E_PAGE_REQUEST, F_VMS_FETCH -> ste != null && ste.test(Ste.MEV);
        };
    }

    /** Does the newest record that software has not taken say the same, of the same page? */
    private boolean repeats(long w0, long w1, long w2, long w3) {
        Queue queue = registers.eventq();
        int prod = (int) registers.get(Reg.EVENTQ_PROD);
        if (!open() || queue.empty(prod, (int) registers.get(Reg.EVENTQ_CONS))) {
            return false;
        }
        long at = queue.slot(registers.get(Reg.EVENTQ_BASE), queue.add(prod, -1), Queue.EVENT);
        return ram.backs(at) && ram.load(at) == w0 && ram.load(at + 8) == w1
                && (ram.load(at + 16) ^ w2) >>> PAGE == 0 && ram.load(at + 24) == w3;
    }

    private boolean write(long w0, long w1, long w2, long w3) {
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
        ram.store(at, w0);
        ram.store(at + 8, w1);
        ram.store(at + 16, w2);
        ram.store(at + 24, w3);
        registers.set(Reg.EVENTQ_PROD, queue.inc(prod));
        if (queue.empty(prod, cons)) {
            interrupts.eventqFilled();
        }
        return true;
    }
}
