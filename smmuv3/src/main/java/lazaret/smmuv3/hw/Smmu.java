// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import java.util.ArrayList;
import java.util.List;
import lazaret.machine.Irq;
import lazaret.machine.Machine;
import lazaret.machine.Mmio;
import lazaret.pcie.At;
import lazaret.pcie.Function;
import lazaret.pcie.RootPort;
import lazaret.smmuv3.AccessType;
import lazaret.smmuv3.Gerror;
import lazaret.smmuv3.Regs;
import lazaret.smmuv3.Verdict;

/**
 * An SMMUv3 with the root complex in front of it.
 *
 * <p>Its strands, all in one lane: {@code smmu cmdq} executes commands; {@code smmu registers} acknowledges
 * enables; {@code smmu atc-timeout} gives up invalidate requests; for each connected function {@code smmu
 * port <sid>} checks transactions, word by word where memory has to be read, {@code smmu landing <sid>} lets
 * what passed reach memory, and {@code smmu answers <sid>} takes invalidate completions the same way. Where
 * records are held back, {@code smmu evtq} writes them. All are prompt.
 *
 * @spec IHI0070 3
 */
public final class Smmu {
    static final String LANE = "smmu";

    private final Machine machine;
    private final SmmuParams params;
    private final Registers registers;
    private final Interrupts interrupts;
    private final EventQueue events;
    private final PriQueue pages;
    private final Staleness staleness;
    private final Iotlb iotlb;
    private final CommandQueue commands;
    private final List<Port> ports = new ArrayList<>();         // wiring

    public Smmu(Machine machine, SmmuParams params) {
        this.machine = machine;
        this.params = params;
        registers = new Registers(machine, params);
        interrupts = new Interrupts(machine, params, registers);
        events = new EventQueue(machine, params, registers, interrupts);
        pages = new PriQueue(machine, params, registers, interrupts);
        staleness = new Staleness(machine, params, registers);
        iotlb = new Iotlb(machine, params, staleness);
        commands = new CommandQueue(machine, params, registers, interrupts,
                new Commands(machine.undo(), params, registers, ports, iotlb, events));
        machine.add(new Handshake(registers, commands, ports));
        machine.add(commands);
        machine.add(new AtcTimeout(ports));
        if (params.takes(Liberty.HOLDS_EVENTS)) {
            machine.add(events);
        }
    }

    /** What it can do and how it is broken. */
    public SmmuParams params() {
        return params;
    }

    /** What translation sees of its registers now: for the pure walk. */
    public Regs regs() {
        return registers.view();
    }

    /** Its registers, page 0 and page 1. */
    public Mmio mmio() {
        return registers;
    }

    /** Pulsed when an error becomes active, if software enabled that. */
    public Irq gerrorIrq() {
        return interrupts.gerrorIrq();
    }

    /** Pulsed when the event queue is no longer empty, if software enabled that. */
    public Irq evtqIrq() {
        return interrupts.eventqIrq();
    }

    /** Pulsed when there are page requests, if software enabled that. */
    public Irq priqIrq() {
        return interrupts.priqIrq();
    }

    /** Pulsed by a CMD_SYNC that asks for it. */
    public Irq cmdqSyncIrq() {
        return interrupts.syncIrq();
    }

    /**
     * Plugs a function into the root complex. While the machine is wired.
     *
     * @param sid the stream id of its transactions, and where invalidate requests for that stream go
     * @return where the function sends to
     */
    public RootPort connect(Function function, int sid) {
        for (Port port : ports) {
            if (port.sid() == sid) {
                throw new IllegalArgumentException("two functions have sid 0x" + Integer.toHexString(sid));
            }
        }
        Port port = new Port(machine, params, registers, events, pages, iotlb, staleness, function,
                sid);
        ports.add(port);
        machine.add(port);
        machine.add(new Landing(machine, port));
        machine.add(new Answers(port));
        return port;
    }

    /**
     * Breaks it: the command engine consumes {@code commands} more commands and then stops, without an error.
     * Anybody may call it, at any time; 0 stops it in the middle of a CMD_SYNC too.
     */
    public void freezeAfter(long commands) {
        this.commands.freezeAfter(commands);
    }

    /**
     * Breaks it for good: service failure mode. Software learns of it, transactions end, and no queue is
     * touched any more. Anybody may call it, at any time.
     */
    public void fail() {
        registers.fail();
        if (machine.log().hears()) {
            machine.log().add(new SmmuEntry.Failed());
        }
        interrupts.raise(Gerror.SFM_ERR);
    }

    /**
     * The root has seen the function of that stream being reset: what it never answered is not expected any
     * more.
     */
    public void functionReset(int sid) {
        port(sid).invalidations().functionReset();
    }

    /**
     * Does the hardware refuse all ATS traffic of a stream, now and as long as software changes nothing?
     *
     * <p>True claims all of this: no translated transaction of the stream is past its check and on its way to
     * memory, and one in the middle of its check ends refused if memory stays as it is; the STE that is
     * cached, if one is, refuses translated transactions, be its invalidation pending or not; and so does the
     * STE in memory, which any later fetch finds (through the stream table in memory and through a cached
     * level-1 descriptor). An aborting, invalid or missing STE refuses, EATS=ABT does, and so does an SMMU
     * that is off. With CR0.ATSCHK=0, or with an STE cached when it was 0, translated transactions pass, and
     * the answer is false. An STE of which a walk has read some words already, to remember it, counts as
     * cached.
     *
     * <p>It claims nothing about untranslated traffic or about writes that landed before. Translated
     * transactions that wait to be checked, or that the function has yet to send, are among those that will
     * be refused.
     */
    public boolean refusesAts(int sid) {
        return port(sid).refusesAts();
    }

    /**
     * How many invalidate requests of a stream are under way: sent to the function, not yet answered as far
     * as the SMMU knows, and not given up. An answer counts when the writes that the function sent before it
     * have landed. Requests that timed out do not count, reported or not; 0 therefore does not say that the
     * function has dropped anything.
     */
    public int outstanding(int sid) {
        return port(sid).invalidations().outstanding();
    }

    /**
     * What becomes of an access of a stream, all of it at once, as {@link Liberty#CHECKS_AT_ONCE} has it, and
     * without the way there and to memory: for whoever wants an SMMU that translates and nothing else. Caches
     * fill, descriptors are marked, events are recorded as for any transaction. One that stalls is recorded
     * under a name that nothing waits for; to try again is to ask again.
     *
     * @param pasid or {@link lazaret.pcie.Pasid#NONE}
     * @param address an IOVA or, translated, what the ATC said
     * @return to be read before anything else happens to this stream
     * @throws IllegalStateException if transactions that the function sent wait to be checked
     */
    public Verdict check(int sid, int pasid, At at, AccessType type, long address) {
        return port(sid).check(pasid, at, type, address);
    }

    private Port port(int sid) {
        for (int i = 0; i < ports.size(); i++) {
            if (ports.get(i).sid() == sid) {
                return ports.get(i);
            }
        }
        throw new IllegalArgumentException("no function has sid 0x" + Integer.toHexString(sid));
    }
}
