// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import lazaret.machine.Alone;
import lazaret.machine.Entry;
import lazaret.machine.Machine;
import lazaret.machine.Strand;
import lazaret.pcie.Bdf;
import lazaret.pcie.Config;
import lazaret.pcie.Pasid;
import lazaret.pcie.hw.DownPort;
import lazaret.pcie.hw.Endpoint;
import lazaret.pcie.hw.EndpointFaults;
import lazaret.pcie.hw.EndpointParams;
import lazaret.pcie.hw.Switch;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Idr0;
import lazaret.smmuv3.Idr1;
import lazaret.smmuv3.Queue;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.TlbRange;
import lazaret.smmuv3.hw.Smmu;
import lazaret.smmuv3.hw.SmmuParams;

/**
 * Hardware alone: an SMMU, a root port, a function below it, and the test in the place of all software. Pages
 * 0x1000 … 0xf000 are mapped one to one behind {@link #DATA}.
 */
final class Wire {
    static final int SID = 0x100;
    static final long DATA = 0x8_0000;
    static final long TIMEOUT = SmmuParams.USUAL.atcTimeoutUs();
    static final int ATS_CTRL = 0x116;
    static final int DEVCTL = 0x58;

    private static final long CMDQ = 0x1_0000;
    private static final int CMDQ_LOG2 = 5;
    private static final long EVTQ = 0x1_2000;
    static final long PRIQ = 0x1_3000;
    private static final long STRTAB = 0x2_0000;
    private static final long CD = 0x4_0000;
    private static final long TABLES = 0x5_0000;
    private static final long EATS = 1L << 28;
    private static final int ALL_ON = 0x1f;

    final Machine machine = new Machine();
    final Smmu smmu;
    final Switch root;
    final DownPort port;
    final Endpoint nic;
    final List<Entry> log = new ArrayList<>();
    private int prod;

    Wire(EndpointFaults faults) {
        this(p -> p, EndpointParams.USUAL, faults);
    }

    Wire(UnaryOperator<SmmuParams> how, EndpointParams params, EndpointFaults faults) {
        smmu = new Smmu(machine, how.apply(SmmuParams.USUAL.with(Idr0.PRI, 1).with(Idr1.PRIQS, 5)));
        root = new Switch(machine, "root", Switch.Place.ROOT);
        port = root.port("port", Bdf.parse("00:01.0"), 1);
        port.config().write16(Config.COMMAND, 6);
        tables();
        nic = function("nic", "01:00.0", params);
        machine.log().listen(log::add, true);
        write(Reg.CR0, ALL_ON);
        settle();
        nic.becomes(faults);
    }

    /** One more function below the port, a bus master with ATS on, mapped like the others. */
    Endpoint function(String name, String bdf, EndpointParams params) {
        var function = new Endpoint(machine, name, Bdf.parse(bdf), params, EndpointFaults.NONE);
        port.plug(function, seen -> smmu.connect(seen, seen.rid()));
        function.config().write16(Config.COMMAND, 6);
        ats(function, true);
        eats(function.rid(), true);
        return function;
    }

    static void ats(Endpoint function, boolean on) {
        function.config().write16(ATS_CTRL, on ? 1 << 15 : 0);
    }

    private void tables() {
        write64(Reg.CMDQ_BASE, CMDQ | CMDQ_LOG2);
        write64(Reg.EVENTQ_BASE, EVTQ | 3);
        write64(Reg.PRIQ_BASE, PRIQ | 1);
        write64(Reg.STRTAB_BASE, STRTAB);
        write(Reg.STRTAB_BASE_CFG, 10);
        write(Reg.CR2, 2);
        write(Reg.IRQ_CTRL, 7);
        put(CD, 0x0007_E205_C000_3510L, TABLES, 0, 0xF404_FF44L);
        put(TABLES, TABLES + 0x1003);
        put(TABLES + 0x1000, TABLES + 0x2003);
        put(TABLES + 0x2000, TABLES + 0x3003);
        for (long iova = 0x1000; iova < 0x10000; iova += 0x1000) {
            map(iova);
        }
    }

    void map(long iova) {
        put(TABLES + 0x3000 + (iova >>> 9), DATA + iova | 0xf43);
    }

    // Memory and registers.

    void put(long at, long... words) {
        for (int i = 0; i < words.length; i++) {
            machine.ram().store(at + 8L * i, words[i]);
        }
    }

    /** What lies where {@code iova} is, or was, mapped to. */
    long at(long iova) {
        return machine.ram().load(DATA + iova);
    }

    private void eats(int sid, boolean on) {
        put(STRTAB + 64L * sid, CD | 0xb, 0xd6 | (on ? EATS : 0));
    }

    void write(Reg reg, int value) {
        smmu.mmio().write32(reg.offset(), value);
    }

    void write64(Reg reg, long value) {
        smmu.mmio().write64(reg.offset(), value);
    }

    int read(Reg reg) {
        return smmu.mmio().read32(reg.offset());
    }

    // What software does.

    static Command atcInv(long iova) {
        return new Command.AtcInv(SID, false, 0, false, iova, 0);
    }

    static Command sync() {
        return new Command.Sync(Command.Cs.NONE, 0, 0, 0, 0);
    }

    /** Commands, and what follows without time passing. */
    void issue(Command... commands) {
        append(commands);
        settle();
    }

    void append(Command... commands) {
        var queue = new Queue(CMDQ_LOG2);
        for (Command c : commands) {
            put(queue.slot(CMDQ, prod, Queue.COMMAND), c.w0(), c.w1());
            prod = queue.inc(prod);
        }
        write(Reg.CMDQ_PROD, prod);
    }

    /** Unmaps a page and flushes it, SMMU first, then the device. */
    void unmap(long iova) {
        unmapped(iova);
        settle();
    }

    /** The same, but nothing happens yet. */
    void unmapped(long iova) {
        put(TABLES + 0x3000 + (iova >>> 9), 0);
        append(new Command.TlbiNhVa(0, 7, iova, true, TlbRange.NONE), sync(), atcInv(iova), sync());
    }

    /** Stores EATS=0, and sees to it that it holds. */
    void fence() {
        eats(SID, false);
        issue(new Command.CfgiSte(SID, true), sync());
    }

    /** Have all commands been consumed, and is there no error? */
    boolean flushed() {
        return (read(Reg.CMDQ_CONS) & 0xfffff) == prod && !stopped();
    }

    /** Has the queue stopped because invalidations timed out? */
    boolean timedOut() {
        return stopped() && (read(Reg.CMDQ_CONS) >>> 24 & 0x7f) == 3;
    }

    private boolean stopped() {
        return ((read(Reg.GERROR) ^ read(Reg.GERRORN)) & 1) != 0;
    }

    void acknowledge() {
        write(Reg.GERRORN, read(Reg.GERROR));
        settle();
    }

    // What the function does.

    /** Makes its ATC hold the page. */
    void warm(long iova) {
        nic.program().read(iova).ring();
        settle();
        if (nic.atcEntry(Pasid.NONE, iova) == 0) {
            throw new AssertionError("not warm");
        }
    }

    boolean holds(long iova) {
        return nic.atcEntry(Pasid.NONE, iova) != 0;
    }

    /** It writes, and all of it happens. */
    void writes(long iova, long value) {
        nic.program().write(iova, value).ring();
        settle();
    }

    /** It claims to have been told where to write. */
    void forges(long pa, long value) {
        nic.program().forgedWrite(pa, value).ring();
        settle();
    }

    void flr() {
        nic.config().write16(DEVCTL, 1 << 15);
        settle();
    }

    boolean present() {
        return nic.config().read32(Config.VENDOR_ID) != -1;
    }

    // Steps and time.

    void settle() {
        new Alone(machine).settle();
    }

    /** Everything but the function's own DMA. */
    void settleButDma() {
        settle(s -> !s.name().contains(" dma"));
    }

    private void settle(Predicate<Strand> who) {
        boolean any = true;
        while (any) {
            any = false;
            for (Strand s : machine.hardware()) {
                if (who.test(s) && s.enabled()) {
                    s.step();
                    any = true;
                }
            }
        }
    }

    void step(String name) {
        machine.hardware().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow().step();
    }

    void pass(long us) {
        var alarm = machine.clock().alarm("test");
        alarm.arm(us);
        new Alone(machine).await(alarm::due);
        settle();
    }

    boolean logged(String text) {
        return log.stream().anyMatch(entry -> entry.text().contains(text));
    }
}
