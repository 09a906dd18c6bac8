// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import lazaret.machine.Alone;
import lazaret.machine.Chance;
import lazaret.machine.Entry;
import lazaret.machine.Machine;
import lazaret.machine.Mmio;
import lazaret.machine.Ram;
import lazaret.machine.Strand;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Event;
import lazaret.smmuv3.Idr0;
import lazaret.smmuv3.Queue;
import lazaret.smmuv3.Reg;

/**
 * An SMMU, two functions at streams 0x100 and 0x101, and the test in the place of the driver: it has
 * registers and memory, and decides who steps. Every choice is benign until {@link #always} says otherwise.
 */
final class Rig {
    static final int SID = 0x100;
    static final int OTHER = 0x101;
    static final long CMDQ = 0x10000;
    static final long EVTQ = 0x12000;
    static final long STRTAB = 0x20000;
    static final long CD = 0x8_8123_0000L;
    static final int CMDQ_LOG2 = 4;
    static final int EVTQ_LOG2 = 3;

    /** CR0 bits. */
    static final int SMMUEN = 1;
    static final int EVENTQEN = 4;
    static final int CMDQEN = 8;
    static final int ATSCHK = 16;
    static final int ALL_ON = SMMUEN | EVENTQEN | CMDQEN | ATSCHK;

    /** STE vectors: abort, invalid, bypass, stage 1 with EATS=TRANS, the same quarantined. */
    static final long[] S1 = {0x1, 0};
    static final long[] S2 = {0, 0};
    static final long[] S3 = {0x9, 0x0000_1000_0000_0000L};
    static final long[] S4 = {0x0000_0008_8123_000BL, 0x0000_0000_9800_00D6L};
    static final long[] S5 = {0x0000_0008_8123_000BL, 0x0000_0000_8800_00D6L};

    /** CD vector C1 and the tables of walk vector W1. */
    static final long[] C1 = {0x0007_E205_C000_3510L, 0x0000_0009_0B00_0000L, 0, 0x0000_0000_F404_FF44L};
    static final long IOVA = 0x7F12_3456_7898L;
    static final long PAGE = 0x7F12_3456_7000L;
    static final long PA_PAGE = 0x8_AA55_D000L;
    static final long PA = PA_PAGE | 0x898;
    static final long LEAF_AT = 0x9_0B00_3B38L;
    static final long LEAF = 0x8_AA55_DF47L;
    static final long LEAF_RO = 0x8_AA55_DFC7L;

    final Machine machine;
    final Smmu smmu;
    final Mmio mmio;
    final Ram ram;
    final Played function = new Played(SID);
    final Played other = new Played(OTHER);
    final List<Entry> log = new ArrayList<>();
    private int prod;

    Rig() {
        this(p -> p);
    }

    /** The usual SMMU as {@code how} changes it; it could stall transactions, as that of the vectors can. */
    Rig(UnaryOperator<SmmuParams> how) {
        machine = new Machine();
        ram = machine.ram();
        smmu = new Smmu(machine, how.apply(SmmuParams.USUAL.with(Idr0.STALL_MODEL, 0)));
        mmio = smmu.mmio();
        function.port = smmu.connect(function, SID);
        other.port = smmu.connect(other, OTHER);
        machine.log().listen(log::add, true);
    }

    /** A rig that is switched on, with the page of W1 mapped for {@link #SID} under S4. */
    static Rig on() {
        return on(p -> p);
    }

    static Rig on(UnaryOperator<SmmuParams> how) {
        Rig rig = new Rig(how);
        rig.queues();
        rig.tables();
        rig.enable(ALL_ON);
        return rig;
    }

    void queues() {
        write64(Reg.CMDQ_BASE, CMDQ | CMDQ_LOG2);
        write64(Reg.EVENTQ_BASE, EVTQ | EVTQ_LOG2);
        write64(Reg.STRTAB_BASE, STRTAB);
        write(Reg.STRTAB_BASE_CFG, 9);
        write(Reg.CR2, 2);
    }

    void tables() {
        ste(SID, S4);
        put(CD, C1);
        put(0x9_0B00_07F0L, 0x9_0B00_1003L);
        put(0x9_0B00_1240L, 0x9_0B00_2003L);
        put(0x9_0B00_2D10L, 0x9_0B00_3003L);
        put(LEAF_AT, LEAF);
    }

    // Registers and memory.

    int read(Reg reg) {
        return mmio.read32(reg.offset());
    }

    void write(Reg reg, int value) {
        mmio.write32(reg.offset(), value);
    }

    void write64(Reg reg, long value) {
        mmio.write64(reg.offset(), value);
    }

    /** Writes CR0 and lets the SMMU take it. */
    void enable(int cr0) {
        write(Reg.CR0, cr0);
        settle();
    }

    void put(long at, long... words) {
        for (int i = 0; i < words.length; i++) {
            ram.store(at + 8L * i, words[i]);
        }
    }

    void ste(int sid, long... words) {
        put(STRTAB + 64L * sid, words);
    }

    // Commands.

    /** Puts commands into the queue without telling the SMMU; returns the index of the last. */
    int append(Command... commands) {
        Queue queue = new Queue(CMDQ_LOG2);
        int last = prod;
        for (Command c : commands) {
            long at = queue.slot(CMDQ, prod, Queue.COMMAND);
            put(at, c.w0(), c.w1());
            last = prod;
            prod = queue.inc(prod);
        }
        return last;
    }

    /** Makes what was appended visible. */
    void publish() {
        write(Reg.CMDQ_PROD, prod);
    }

    /** Commands, all the way as far as they go. */
    int issue(Command... commands) {
        int last = append(commands);
        publish();
        settle();
        return last;
    }

    static final Command SYNC = new Command.Sync(Command.Cs.NONE, 0, 0, 0, 0);

    static Command atcInv(int sid, long address, int size) {
        return new Command.AtcInv(sid, false, 0, false, address, size);
    }

    /** Software acknowledges every error it sees. */
    void acknowledge() {
        write(Reg.GERRORN, read(Reg.GERROR));
        settle();
    }

    int cons() {
        return read(Reg.CMDQ_CONS) & 0xfffff;
    }

    int error() {
        return read(Reg.CMDQ_CONS) >>> 24 & 0x7f;
    }

    boolean stopped() {
        return ((read(Reg.GERROR) ^ read(Reg.GERRORN)) & 1) != 0;
    }

    // Events.

    /** Takes all events out of the queue. */
    List<Event> events() {
        Queue queue = new Queue(EVTQ_LOG2);
        List<Event> events = new ArrayList<>();
        int cons = read(Reg.EVENTQ_CONS);
        while (!queue.empty(read(Reg.EVENTQ_PROD), cons)) {
            long at = queue.slot(EVTQ, cons, Queue.EVENT);
            events.add(Event.decode(ram.load(at), ram.load(at + 8), ram.load(at + 16), ram.load(at + 24)));
            cons = queue.inc(cons);
        }
        write(Reg.EVENTQ_CONS, Queue.ack(read(Reg.EVENTQ_PROD), cons));
        return events;
    }

    /** The only event there is, in words. */
    long[] event() {
        List<Event> events = events();
        if (events.size() != 1) {
            throw new AssertionError("not one event: " + events);
        }
        Event e = events.getFirst();
        return new long[] {e.w0(), e.w1(), e.w2(), e.w3()};
    }

    // Steps and choices.

    /** Everything that can happen without time passing. */
    void settle() {
        ((Alone) machine.strands()).settle();
    }

    /** Time passes to the next deadline, and what follows. */
    void wait(int deadlines) {
        for (int i = 0; i < deadlines; i++) {
            machine.clock().step();
            settle();
        }
    }

    Strand strand(String name) {
        for (Strand strand : machine.hardware()) {
            if (strand.name().equals(name)) {
                return strand;
            }
        }
        throw new AssertionError("no strand " + name);
    }

    /** One step of one strand, which must be enabled. */
    void step(String name) {
        Strand strand = strand(name);
        if (!strand.enabled()) {
            throw new AssertionError(name + " cannot step");
        }
        strand.step();
    }

    boolean can(String name) {
        return strand(name).enabled();
    }

    /** All steps of one strand. */
    void run(String name) {
        while (can(name)) {
            step(name);
        }
    }

    static final String CMDQ_STRAND = "smmu cmdq";
    static final String PORT = "smmu port 0x100";
    static final String LANDING = "smmu landing 0x100";
    static final String ANSWERS = "smmu answers 0x100";

    /** From now on every choice has this answer. */
    void always(int answer) {
        decides((n, why) -> answer);
    }

    void decides(Chance chance) {
        machine.enter(machine.strands(), chance);
    }

    /** Nobody may be asked anything. */
    void asksNobody() {
        decides((n, why) -> {
            throw new AssertionError("asked: " + why);
        });
    }

    <T extends Entry> List<T> entries(Class<T> kind) {
        return log.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
