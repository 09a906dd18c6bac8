// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import lazaret.machine.Log;
import lazaret.machine.Machine;
import lazaret.machine.Ref;
import lazaret.machine.Strand;
import lazaret.machine.Word;
import lazaret.smmuv3.CmdError;
import lazaret.smmuv3.CmdqCons;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Cr0;
import lazaret.smmuv3.Gerror;
import lazaret.smmuv3.Idr0;
import lazaret.smmuv3.KnownCommands;
import lazaret.smmuv3.Reg;

/**
 * The command engine: fetches, executes and consumes one command at each step, and carries a CMD_SYNC through
 * its phases.
 *
 * <p>A CMD_SYNC that is reached
 * <ol>
 * <li>waits until every invalidate request sent before it is answered; if one timed out it fails, and nothing
 *     it would guarantee holds, not even that invalidated entries are gone;
 * <li>makes invalidated cache entries be gone, and waits for the transactions past their check that may have
 *     used them;
 * <li>is complete, and writes its message, if it has one;
 * <li>leaves the queue.
 * </ol>
 * An error stops the queue: CMDQ_CONS.ERR first, then GERROR. When software has acknowledged it the engine
 * fetches again from CONS, where software may have put something else meanwhile.
 *
 * @spec IHI0070 4.7
 * @spec IHI0070 7.1
 */
final class CommandQueue implements Strand {
    private enum Phase { IDLE, NO_ITAG, WAITS_FOR_ATC, DRAINS, SIGNALLED }

    private final Log log;
    private final Registers registers;
    private final Interrupts interrupts;
    private final Commands commands;
    private final boolean msi;
    private final Ref<Phase> phase;
    private final FetchAhead ahead;
    /** Decides nothing: without it all commands are decoded again. */
    private final KnownCommands known = new KnownCommands();
    /** The command that {@link #phase} is about. */
    private final Ref<Command> current;
    /** The engine consumes so many commands more and then stops; negative: it never stops. */
    private final Word left;

    CommandQueue(Machine machine, SmmuParams params, Registers registers, Interrupts interrupts,
            Commands commands) {
        this.registers = registers;
        this.interrupts = interrupts;
        this.commands = commands;
        log = machine.log();
        msi = params.has(Idr0.MSI);
        ahead = new FetchAhead(machine, params, registers);
        phase = new Ref<>(machine.undo(), Phase.IDLE);
        current = new Ref<>(machine.undo(), null);
        left = new Word(machine.undo(), params.cmdqFreezesAt());
    }

    /** Consumes {@code more} commands and then stops without a word. */
    void freezeAfter(long more) {
        left.set(more);
        if (more == 0) {
            tellFrozen();
        }
    }

    private boolean frozen() {
        return left.get() == 0;
    }

    private void tellFrozen() {
        if (log.hears()) {
            log.add(new SmmuEntry.Frozen());
        }
    }

    /** It is switched off: what was fetched before its turn is forgotten, and CONS is where it is. */
    void disabled() {
        ahead.drop();
    }

    /** Is a command begun and not consumed? */
    boolean midway() {
        return phase.get() != Phase.IDLE;
    }

    @Override
    public String name() {
        return "smmu cmdq";
    }

    @Override
    public String lane() {
        return Smmu.LANE;
    }

    @Override
    public boolean enabled() {
        return !frozen() && switch (phase.get()) {
            case IDLE -> pending();
            case NO_ITAG -> commands.ready((Command.AtcInv) current.get());
            case WAITS_FOR_ATC -> commands.atcFails() || !commands.atcHolds();
            case DRAINS -> commands.drained();
            case SIGNALLED -> true;
        };
    }

    /** Is there a command that may be fetched? An inconsistent pair of indices stops the engine. */
    private boolean pending() {
        long prod = registers.get(Reg.CMDQ_PROD);
        if (prod == registers.get(Reg.CMDQ_CONS)) {
            return false;
        }
        int used = registers.cmdq().used((int) prod, cons());
        return used != 0 && used <= registers.cmdq().size() && registers.working()
                && registers.on(Cr0.CMDQEN) && !interrupts.active(Gerror.CMDQ_ERR);
    }

    @Override
    public void step() {
        switch (phase.get()) {
            case IDLE -> fetch();
            case NO_ITAG -> execute(current.get());
            case WAITS_FOR_ATC, DRAINS -> sync((Command.Sync) current.get());
            case SIGNALLED -> leave((Command.Sync) current.get());
        }
    }

    /** Where the engine is; what CMDQ_CONS says, or further on. */
    private int cons() {
        return ahead.cons();
    }

    private void fetch() {
        if (!ahead.fetch()) {
            fail(CmdError.ABT);
            return;
        }
        long w0 = ahead.w0();
        long w1 = ahead.w1();
        KnownCommands.Known found = known.find(w0, w1);
        if (found == null) {
            found = decode(w0, w1);
        }
        if (log.hears()) {
            log.add(new SmmuEntry.Fetched(cons(), found.command()));
        }
        if (found.legal()) {
            execute(found.command());
        } else {
            fail(CmdError.ILL);
        }
    }

    private KnownCommands.Known decode(long w0, long w1) {
        Command command = Command.decode(w0, w1);
        return known.learn(w0, w1, command, commands.legal(command, w0, w1));
    }

    private void execute(Command command) {
        switch (commands.execute(command)) {
            case DONE -> consume(command);
            case ILLEGAL -> fail(CmdError.ILL);
            case LATER -> become(Phase.NO_ITAG, command);
            case SYNC -> {
                become(Phase.WAITS_FOR_ATC, command);
                sync((Command.Sync) command);
            }
        }
    }

    private void become(Phase next, Command command) {
        phase.set(next);
        current.set(command);
    }

    /** Goes as far as can be: to an error, to something that must be waited for, or to the end. */
    private void sync(Command.Sync sync) {
        if (phase.get() == Phase.WAITS_FOR_ATC) {
            if (commands.atcFails()) {
                fail(CmdError.ATC_INV_SYNC);
                commands.atcReported();
                return;
            }
            if (commands.atcHolds()) {
                waits("ATC invalidations");
                return;
            }
            commands.purge();
            phase.set(Phase.DRAINS);
        }
        if (!commands.drained()) {
            waits("transactions in flight");
            return;
        }
        commands.settled();
        if (log.hears()) {
            log.add(new SmmuEntry.SyncDone(cons()));
        }
        if (msi && sync.cs() == Command.Cs.IRQ && sync.msiAddress() != 0) {
            interrupts.syncMsi(sync.msiAddress(), sync.msiData());
            phase.set(Phase.SIGNALLED);
        } else {
            leave(sync);
        }
    }

    private void waits(String why) {
        if (log.narrates()) {
            log.add(new SmmuEntry.SyncWaits(cons(), why));
        }
    }

    private void leave(Command.Sync sync) {
        consume(sync);
        ahead.publish();
        if (sync.cs() == Command.Cs.IRQ) {
            interrupts.syncIrq().pulse();
        }
    }

    private void consume(Command command) {
        become(Phase.IDLE, null);
        ahead.consumed();
        left.add(left.get() > 0 ? -1 : 0);
        if (log.narrates()) {
            log.add(new SmmuEntry.Consumed(command));
        }
        if (frozen()) {
            ahead.publish();
            tellFrozen();
        }
    }

    private void fail(CmdError error) {
        become(Phase.IDLE, null);
        ahead.drop();
        registers.set(Reg.CMDQ_CONS, CmdqCons.ERR.put(registers.get(Reg.CMDQ_CONS), error));
        if (log.hears()) {
            log.add(new SmmuEntry.CmdqError((int) registers.get(Reg.CMDQ_CONS), error));
        }
        interrupts.raise(Gerror.CMDQ_ERR);
    }
}
