// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import lazaret.machine.Alarm;
import lazaret.machine.Irq;
import lazaret.machine.Machine;
import lazaret.machine.Mmio;
import lazaret.machine.Strand;
import lazaret.smmuv3.CmdError;
import lazaret.smmuv3.CmdqCons;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Cr0;
import lazaret.smmuv3.Gerror;
import lazaret.smmuv3.IrqCtrl;
import lazaret.smmuv3.Queue;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.Ste;
import lazaret.smmuv3.StreamTable;

/**
 * An SMMU played by the test: real registers, a real command queue in memory, one cached STE per stream, and
 * devices that answer ATC invalidations or do not. One command a step.
 */
final class PlayedSmmu implements Mmio, Strand {
    static final long ATC_LIMIT_US = 100_000;
    static final int SIDSIZE = 16;

    /** What the SYNC does that finds unanswered invalidations, once they have timed out. */
    enum Report { ONCE, WHILE_PENDING }

    final Irq gerrorIrq;
    final Irq eventqIrq;
    final Irq priqIrq;
    final SortedSet<Integer> silent = new TreeSet<>();
    /** Commands as they were consumed, and how functions were switched meanwhile. */
    final List<String> trace = new ArrayList<>();
    final List<Integer> timedOut = new ArrayList<>();
    final List<String> writes = new ArrayList<>();
    Report report = Report.ONCE;
    boolean frozen;
    long atcLimitUs = ATC_LIMIT_US;

    private final Machine machine;
    private final Alarm alarm;
    private final int[] regs = new int[Reg.SPACE / 4];
    private final List<Command.AtcInv> unanswered = new ArrayList<>();
    private final SortedMap<Integer, Ste> cache = new TreeMap<>();

    PlayedSmmu(Machine machine) {
        this.machine = machine;
        gerrorIrq = new Irq(machine.undo(), "gerror");
        eventqIrq = new Irq(machine.undo(), "eventq");
        priqIrq = new Irq(machine.undo(), "priq");
        alarm = machine.clock().alarm("atc");
        // S1P S2P TTF=2 COHACC, ATS, PRI, 2 levels, stalls, ASID16
        set(Reg.IDR0, 0x0d4d_9400 | 0b1_1011);
        set(Reg.IDR1, 10 << 21 | 10 << 16 | 5 << 11 | 10 << 6 | SIDSIZE);
        set(Reg.IDR5, 0x14);                        // 44 bits out, 4 KiB
        machine.add(this);
    }

    int get(Reg reg) {
        return regs[reg.offset() / 4];
    }

    void set(Reg reg, int value) {
        regs[reg.offset() / 4] = value;
    }

    private long get64(Reg reg) {
        return get(reg) & 0xffff_ffffL | (long) regs[reg.offset() / 4 + 1] << 32;
    }

    Queue cmdq() {
        return new Queue((int) get64(Reg.CMDQ_BASE) & 31);
    }

    // ---- registers

    @Override
    public int read32(int offset) {
        return regs[offset / 4];
    }

    @Override
    public long read64(int offset) {
        return get64(Reg.at(offset));
    }

    @Override
    public void write32(int offset, int value) {
        Reg reg = Reg.at(offset);
        writes.add(reg + "=" + Integer.toHexString(value));
        set(reg, value);
        if (reg == Reg.CR0) {
            set(Reg.CR0ACK, value);
        } else if (reg == Reg.IRQ_CTRL) {
            set(Reg.IRQ_CTRLACK, value);
        }
    }

    @Override
    public void write64(int offset, long value) {
        writes.add(Reg.at(offset) + "=" + Long.toHexString(value));
        regs[offset / 4] = (int) value;
        regs[offset / 4 + 1] = (int) (value >>> 32);
    }

    // ---- command queue

    @Override
    public String name() {
        return "smmu";
    }

    @Override
    public boolean enabled() {
        return !frozen && Cr0.CMDQEN.test(get(Reg.CR0)) && !stopped()
                && !cmdq().empty(get(Reg.CMDQ_PROD), get(Reg.CMDQ_CONS)) && (!alarm.armed() || alarm.due());
    }

    boolean stopped() {
        return Gerror.CMDQ_ERR.test(Gerror.active(get(Reg.GERROR), get(Reg.GERRORN)));
    }

    @Override
    public void step() {
        if (cmdq().inconsistent(get(Reg.CMDQ_PROD), get(Reg.CMDQ_CONS))) {
            throw new AssertionError("CONS beyond PROD");
        }
        Command command = fetch(get(Reg.CMDQ_CONS));
        CmdError error = switch (command) {
            case Command.Sync _ -> sync();
            case Command.Illegal _ -> CmdError.ILL;
            case Command.AtcInv inv -> ask(inv);
            case Command.CfgiSte cfgi -> forget(cfgi.sid());
            default -> CmdError.NONE;
        };
        if (error == null) {
            return;
        }
        if (error == CmdError.NONE) {
            trace.add(command.text());
            set(Reg.CMDQ_CONS, cmdq().inc(rd()));
        } else {
            fail(error);
        }
    }

    private Command fetch(int at) {
        long pa = cmdq().slot(get64(Reg.CMDQ_BASE), at, Queue.COMMAND);
        return Command.decode(machine.ram().load(pa), machine.ram().load(pa + 8));
    }

    private int rd() {
        return CmdqCons.RD.getInt(get(Reg.CMDQ_CONS));
    }

    private CmdError ask(Command.AtcInv inv) {
        if (silent.contains(inv.sid())) {
            unanswered.add(inv);
        }
        return CmdError.NONE;
    }

    private CmdError forget(int sid) {
        cache.remove(sid);
        return CmdError.NONE;
    }

    /** Null: it waits. */
    private CmdError sync() {
        unanswered.removeIf(inv -> !silent.contains(inv.sid()));
        if (unanswered.isEmpty()) {
            alarm.cancel();
            return CmdError.NONE;
        }
        if (!alarm.armed()) {
            alarm.arm(atcLimitUs);
            return null;
        }
        unanswered.forEach(inv -> timedOut.add(inv.sid()));
        if (report == Report.ONCE) {
            unanswered.clear();
            alarm.cancel();
        }
        return CmdError.ATC_INV_SYNC;
    }

    private void fail(CmdError error) {
        set(Reg.CMDQ_CONS, rd() | (int) CmdqCons.ERR.prep(error));
        set(Reg.GERROR, get(Reg.GERROR) ^ (int) Gerror.CMDQ_ERR.mask());
        if (IrqCtrl.GERROR_IRQEN.test(get(Reg.IRQ_CTRL))) {
            gerrorIrq.pulse();
        }
    }

    // ---- streams

    /** Where the STE of a stream is by the table in memory. */
    long stePa(int sid) {
        StreamTable table = StreamTable.of(get64(Reg.STRTAB_BASE), get(Reg.STRTAB_BASE_CFG), SIDSIZE);
        return switch (table.fmt()) {
            case LINEAR -> table.ste(sid);
            case TWO_LEVEL -> table.ste(sid, machine.ram().load(table.l1std(sid)));
        };
    }

    Ste inMemory(int sid) {
        long[] words = new long[8];
        for (int i = 0; i < words.length; i++) {
            words[i] = machine.ram().load(stePa(sid) + 8L * i);
        }
        return Ste.of(words);
    }

    /** A transaction of the stream made the SMMU cache its entry, or found it cached. */
    Ste use(int sid) {
        return cache.computeIfAbsent(sid, this::inMemory);
    }

    /** Would a translated transaction be refused, whatever the SMMU has cached or reads? */
    boolean refusesAts(int sid) {
        return refuses(inMemory(sid)) && (!cache.containsKey(sid) || refuses(cache.get(sid)));
    }

    private static boolean refuses(Ste ste) {
        return !ste.valid() || !ste.config().stage1() && !ste.config().stage2()
                || ste.eats() == Ste.Eats.ABT;
    }

    void forgetTrace() {
        trace.clear();
        timedOut.clear();
    }
}
