// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.qemu;

import java.util.List;
import lazaret.lab.Chip;
import lazaret.machine.Irq;
import lazaret.machine.Log;
import lazaret.machine.Machine;
import lazaret.machine.Mmio;
import lazaret.machine.Unmodelled;
import lazaret.machine.Word;
import lazaret.pcie.Function;
import lazaret.pcie.RootPort;
import lazaret.qemu.Board;
import lazaret.smmuv3.CmdError;
import lazaret.smmuv3.CmdqCons;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Event;
import lazaret.smmuv3.Gerror;
import lazaret.smmuv3.Idr;
import lazaret.smmuv3.Idr0;
import lazaret.smmuv3.Queue;
import lazaret.smmuv3.QueueBase;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.Regs;
import lazaret.smmuv3.hw.SmmuEntry;

/**
 * QEMU's SMMUv3 in the place of our model. It acts inside the write that makes it act, so what it did is told
 * right behind: from where CMDQ_CONS and EVENTQ_PROD stood before and stand after.
 */
public final class QemuChip implements Chip {
    private final Machine machine;
    private final Log log;
    private final Board board;
    private final Mirror mirror;
    private final Mmio theirs;
    private final Idr idr;
    private final Irq gerrorIrq;
    private final Irq evtqIrq;
    /** Changes whenever QEMU may have changed: whoever waits for a register is asked again. */
    private final Word changes;
    /** Of CMDQ_CONS: up to where the log has told. */
    private final Word told;
    private final Word eventsTold;

    /** @param board switched on, its SMMU not used yet */
    public QemuChip(Machine machine, Board board) {
        this.machine = machine;
        this.board = board;
        log = machine.log();
        theirs = board.smmu();
        mirror = new Mirror(machine.ram(), board.memory());
        idr = new Idr(id(Reg.IDR0), id(Reg.IDR1), id(Reg.IDR3), id(Reg.IDR5));
        gerrorIrq = new Irq(machine.undo(), "smmu gerror");
        evtqIrq = new Irq(machine.undo(), "smmu evtq");
        changes = new Word(machine.undo());
        told = new Word(machine.undo());
        eventsTold = new Word(machine.undo());
    }

    private long id(Reg reg) {
        return Integer.toUnsignedLong(theirs.read32(reg.offset()));
    }

    @Override
    public Mmio mmio() {
        return new Mmio() {
            @Override
            public int read32(int offset) {
                changes.get();
                return theirs.read32(offset);
            }

            @Override
            public void write32(int offset, int value) {
                mirror.push();
                theirs.write32(offset, value);
                happened();
            }

            @Override
            public long read64(int offset) {
                changes.get();
                return theirs.read64(offset);
            }

            @Override
            public void write64(int offset, long value) {
                mirror.push();
                theirs.write64(offset, value);
                happened();
            }
        };
    }

    @Override
    public Irq gerrorIrq() {
        return gerrorIrq;
    }

    @Override
    public Irq evtqIrq() {
        return evtqIrq;
    }

    @Override
    public RootPort connect(Function function, int sid) {
        if (!Board.hasFunction(sid)) {
            throw machine.strands().broken(new Unmodelled("a function at 0x" + Integer.toHexString(sid)
                    + " on QEMU, which has them at 00:02.0 and 01:00.0, 01:00.1 … 04:00.1"));
        }
        var port = new QemuPort(this, machine, board.function(sid), function);
        machine.add(port);
        return port;
    }

    @Override
    public boolean hasAts() {
        return idr.has(Idr0.ATS);
    }

    /** Whatever the SMMU has: what functions send through qtest carries no PASID. */
    @Override
    public int pasidBits() {
        return 0;
    }

    @Override
    public boolean refusesAts(int sid) {
        return !hasAts();
    }

    @Override
    public int outstanding(int sid) {
        return 0;
    }

    @Override
    public long register(Reg reg) {
        if (reg == Reg.CMDQ_CONS) {
            return told.get();
        }
        return reg.bits() == Long.SIZE ? theirs.read64(reg.offset()) : theirs.read32(reg.offset());
    }

    @Override
    public Regs regs() {
        return new Regs(idr, register(Reg.CR0), register(Reg.CR2), register(Reg.GBPA),
                register(Reg.STRTAB_BASE), register(Reg.STRTAB_BASE_CFG));
    }

    @Override
    public void freeze() {
        throw machine.strands().broken(new Unmodelled("a command queue that freezes, on QEMU"));
    }

    @Override
    public void thaw() {
        // it never was
    }

    @Override
    public void fail() {
        throw machine.strands().broken(new Unmodelled("service failure mode, on QEMU"));
    }

    @Override
    public void mark() {
        board.mark();
        mirror.mark();
    }

    @Override
    public void rewind() {
        board.rewind();
        mirror.rewind();
    }

    // ---- what it did

    /** A device of it is going to act. */
    void look() {
        mirror.push();
    }

    /** @return what it wrote to memory */
    List<Mirror.Change> acted() {
        List<Mirror.Change> changed = mirror.pull();
        happened();
        return changed;
    }

    private void happened() {
        board.memory().settle();
        changes.add(1);
        if (board.takeInterrupt(Board.Line.GERROR)) {
            gerrorIrq.pulse();
        }
        if (board.takeInterrupt(Board.Line.EVENTQ)) {
            evtqIrq.pulse();
        }
        tellCommands(theirs.read32(Reg.CMDQ_CONS.offset()));
        tellEvents(theirs.read32(Reg.EVENTQ_PROD.offset()));
    }

    private void tellCommands(int cons) {
        long base = register(Reg.CMDQ_BASE);
        var queue = new Queue(QueueBase.LOG2SIZE.getInt(base));
        int at = CmdqCons.RD.getInt(told.get());
        while (at != CmdqCons.RD.getInt(cons)) {
            Command command = command(base, queue, at);
            log.add(new SmmuEntry.Fetched(at, command));
            log.add(command instanceof Command.Sync ? new SmmuEntry.SyncDone(at)
                    : new SmmuEntry.Consumed(command));
            at = queue.inc(at);
            told.set(at);
        }
        boolean stopped = CmdError.of(cons) != CmdError.NONE && stopped();
        if (stopped && told.get() != cons) {
            log.add(new SmmuEntry.Fetched(at, command(base, queue, at)));
            log.add(new SmmuEntry.CmdqError(cons, CmdError.of(cons)));
        }
        told.set(stopped ? cons : at);
    }

    private boolean stopped() {
        return Gerror.CMDQ_ERR.test(Gerror.active(theirs.read32(Reg.GERROR.offset()),
                theirs.read32(Reg.GERRORN.offset())));
    }

    private Command command(long base, Queue queue, int at) {
        long pa = queue.slot(base, at, Queue.COMMAND);
        return Command.decode(machine.ram().load(pa), machine.ram().load(pa + Long.BYTES));
    }

    private void tellEvents(int prod) {
        long base = register(Reg.EVENTQ_BASE);
        var queue = new Queue(QueueBase.LOG2SIZE.getInt(base));
        int at = eventsTold.asInt();
        while (!queue.empty(prod, at)) {
            log.add(new SmmuEntry.EventRecorded(event(queue.slot(base, at, Queue.EVENT)), true));
            at = queue.inc(at);
        }
        eventsTold.set(at);
    }

    private Event event(long pa) {
        var ram = machine.ram();
        return Event.decode(ram.load(pa), ram.load(pa + 8), ram.load(pa + 16), ram.load(pa + 24));
    }
}
