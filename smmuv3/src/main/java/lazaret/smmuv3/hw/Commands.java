// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import java.util.List;
import java.util.function.IntPredicate;
import lazaret.machine.Undo;
import lazaret.machine.Unmodelled;
import lazaret.machine.Word;
import lazaret.pcie.Pasid;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Cr0;
import lazaret.smmuv3.Idr0;
import lazaret.smmuv3.Legality;
import lazaret.smmuv3.StreamTable;
import lazaret.smmuv3.StreamWorld;
import lazaret.smmuv3.TlbRange;
import lazaret.smmuv3.hw.SmmuParams.ReservedBits;

/**
 * What each command does. Invalidations take effect when they are consumed, or only with the next complete
 * CMD_SYNC where the SMMU is that late.
 *
 * @spec IHI0070 4
 */
final class Commands {
    /** How the queue goes on. */
    enum Verdict {
        DONE,
        /** CERROR_ILL. */
        ILLEGAL,
        /** A CMD_SYNC: what it has to wait for is the queue's business. */
        SYNC,
        /** No ITag is free; to be tried again. */
        LATER
    }

    private final SmmuParams params;
    private final Registers registers;
    private final List<Port> ports;
    private final Iotlb iotlb;
    private final EventQueue events;
    private final boolean stage2;
    private final boolean everything;
    /** Translations were invalidated since the last complete CMD_SYNC. */
    private final Word flushed;

    Commands(Undo undo, SmmuParams params, Registers registers, List<Port> ports, Iotlb iotlb,
            EventQueue events) {
        this.events = events;
        this.params = params;
        this.registers = registers;
        this.ports = ports;
        this.iotlb = iotlb;
        stage2 = params.has(Idr0.S2P);
        everything = params.takes(Liberty.OVER_INVALIDATES);
        flushed = new Word(undo);
    }

    /** Is this command, found as {@code w0} and {@code w1} in the queue, one that the SMMU executes? */
    boolean legal(Command command, long w0, long w1) {
        if (!Legality.command(command, params.idr()).isEmpty()) {
            return false;
        }
        boolean reserved = (Command.reserved(0, w0, w1) | Command.reserved(1, w0, w1)) != 0;
        return !reserved || params.reservedBits() == ReservedBits.IGNORE;
    }

    Verdict execute(Command command) {
        switch (command) {
            case Command.Sync _ -> {
                return Verdict.SYNC;
            }
            case Command.AtcInv c -> {
                return atcInv(c);
            }
            case Command.PrefetchConfig _, Command.PrefetchAddr _ -> { }
            case Command.CfgiSte c -> cfgiSte(c.sid(), c.sid(), c.leaf());
            case Command.CfgiSteRange c -> cfgiRange(c);
            case Command.CfgiAll _ -> cfgiAll();
            case Command.CfgiCd c -> cfgiCd(c);
            case Command.CfgiCdAll c -> cfgiCdAll(c.sid());
            case Command.TlbiNhAll c -> tlbi(el1(c.vmid()));
            case Command.TlbiNhAsid c -> tlbi(el1(c.vmid()).and(own(c.asid())));
            case Command.TlbiNhVa c ->
                tlbi(el1(c.vmid()).and(seen(c.asid())).and(at(c.address(), c.range())));
            case Command.TlbiNhVaa c -> tlbi(el1(c.vmid()).and(at(c.address(), c.range())));
            case Command.TlbiS12Vmall c -> tlbi(el1(c.vmid()).or(stage2(c.vmid())));
            case Command.TlbiNsnhAll _ -> tlbi(el2().negate());
            case Command.TlbiEl2All _ -> tlbi(el2());
            case Command.TlbiEl2Asid c -> tlbi(el2().and(own(c.asid())));
            case Command.TlbiEl2Va c -> tlbi(el2().and(seen(c.asid())).and(at(c.address(), c.range())));
            case Command.TlbiEl2Vaa c -> tlbi(el2().and(at(c.address(), c.range())));
            case Command.TlbiS2Ipa c -> tlbi(stage2(c.vmid()).and(at(c.ipa(), c.range())));
            case Command.PriResp c -> priResp(c);
            case Command.Resume c -> resume(c);
            case Command.StallTerm c -> stallTerm(c.sid());
            case Command.CfgiVmsPidm _, Command.Dpti _ ->
                throw new Unmodelled("CMD_" + command.op());
            case Command.Illegal _ -> {
                return Verdict.ILLEGAL;
            }
        }
        return Verdict.DONE;
    }

    private Verdict atcInv(Command.AtcInv c) {
        if (!registers.on(Cr0.SMMUEN)) {
            return Verdict.DONE;
        }
        Port port = port(c.sid());
        if (port == null) {
            throw new Unmodelled("CMD_ATC_INV to a stream without function: " + c.text());
        }
        if (!port.invalidations().room()) {
            return Verdict.LATER;
        }
        port.invalidations().send(c);
        return Verdict.DONE;
    }

    /** Can a command that had to be put off go on? */
    boolean ready(Command.AtcInv c) {
        return port(c.sid()).invalidations().room();
    }

    private Port port(int sid) {
        for (int i = 0; i < ports.size(); i++) {
            if (ports.get(i).sid() == sid) {
                return ports.get(i);
            }
        }
        return null;
    }

    private void priResp(Command.PriResp c) {
        Port port = registers.on(Cr0.SMMUEN) ? port(c.sid()) : null;
        if (port != null) {
            port.respond(c.prgIndex(), c.ssv() ? c.ssid() : Pasid.NONE, c.resp());
        }
    }

    /** Without a stalled transaction of that name nothing happens. */
    private void resume(Command.Resume c) {
        Port port = port(c.sid());
        if (port != null) {
            boolean abort = c.abort() || params.has(Idr0.TERM_MODEL);
            Stall.State ended = abort ? Stall.State.ABORTED : Stall.State.IGNORED;
            port.stall().resume(c.stag(), c.retry() ? Stall.State.RETRIED : ended);
        }
    }

    private void stallTerm(int sid) {
        Port port = port(sid);
        if (port != null) {
            port.stall().terminate();
        }
    }

    // Configuration.

    private void cfgiSte(int first, int last, boolean leaf) {
        StreamTable table = registers.view().streamTable();
        int split = table.fmt() == StreamTable.Fmt.TWO_LEVEL ? table.split() : 0;
        for (int i = 0; i < ports.size(); i++) {
            Port port = ports.get(i);
            if (everything || within(port.sid(), first, last)) {
                port.config().forgetSte();
                port.reconfigured();
            }
            if (everything || !leaf && within(port.sid() >>> split, first >>> split, last >>> split)) {
                port.config().forgetL1std();
                port.reconfigured();
            }
        }
    }

    private static boolean within(int sid, int first, int last) {
        return Integer.compareUnsigned(sid, first) >= 0 && Integer.compareUnsigned(sid, last) <= 0;
    }

    private void cfgiRange(Command.CfgiSteRange c) {
        int span = (int) ((1L << c.range() + 1) - 1);
        cfgiSte(c.sid() & ~span, c.sid() | span, false);
    }

    private void cfgiAll() {
        cfgiSte(0, -1, false);
    }

    private void cfgiCd(Command.CfgiCd c) {
        Port port = port(c.sid());
        if (everything) {
            cfgiAll();
        } else if (port != null) {
            port.config().forgetCd(c.ssid());
            if (!c.leaf()) {
                port.config().forgetL1cd();
            }
            port.reconfigured();
        }
    }

    private void cfgiCdAll(int sid) {
        Port port = port(sid);
        if (everything) {
            cfgiAll();
        } else if (port != null) {
            port.config().forgetCds();
            port.reconfigured();
        }
    }

    // Translations.

    private IntPredicate el2() {
        return slot -> !iotlb.isStage2(slot) && !iotlb.isOf(slot, StreamWorld.NS_EL1);
    }

    private IntPredicate el1(int vmid) {
        int wild = registers.vmidWildcard();
        return slot -> iotlb.isOf(slot, StreamWorld.NS_EL1)
                && (!stage2 || iotlb.vmid(slot) >>> wild == vmid >>> wild);
    }

    /** What stage 2 alone says; entries that combine both stages are not among them. */
    private IntPredicate stage2(int vmid) {
        int wild = registers.vmidWildcard();
        return slot -> iotlb.isStage2(slot) && iotlb.vmid(slot) >>> wild == vmid >>> wild;
    }

    /** Entries that belong to that address space alone. */
    private IntPredicate own(int asid) {
        return slot -> !iotlb.global(slot) && iotlb.asid(slot) == asid;
    }

    /** Entries that serve that address space. */
    private IntPredicate seen(int asid) {
        return slot -> iotlb.global(slot) || iotlb.asid(slot) == asid;
    }

    private IntPredicate at(long address, TlbRange range) {
        return slot -> iotlb.meets(slot, address, range);
    }

    private void tlbi(IntPredicate which) {
        iotlb.forget(everything ? _ -> true : which);
        flushed();
    }

    private void flushed() {
        flushed.set(1);
        for (int i = 0; i < ports.size(); i++) {
            ports.get(i).spoil();
        }
    }

    // What a CMD_SYNC waits for.

    /** Must the CMD_SYNC fail because an invalidate request timed out? */
    boolean atcFails() {
        for (int i = 0; i < ports.size(); i++) {
            if (ports.get(i).invalidations().fails()) {
                return true;
            }
        }
        return false;
    }

    /** Must it wait for invalidate requests? */
    boolean atcHolds() {
        for (int i = 0; i < ports.size(); i++) {
            if (ports.get(i).invalidations().holds()) {
                return true;
            }
        }
        return false;
    }

    /** It has failed. */
    void atcReported() {
        for (int i = 0; i < ports.size(); i++) {
            ports.get(i).invalidations().reported();
        }
    }

    /** From here on no transaction uses what was invalidated; those that have may still be on their way. */
    void purge() {
        iotlb.purge();
        for (int i = 0; i < ports.size(); i++) {
            ports.get(i).purge(flushed.test());
        }
    }

    /** Have those landed? */
    boolean drained() {
        for (int i = 0; i < ports.size(); i++) {
            if (!ports.get(i).drained()) {
                return false;
            }
        }
        return true;
    }

    /** The CMD_SYNC is complete. */
    void settled() {
        events.release();
        flushed.set(0);
        for (int i = 0; i < ports.size(); i++) {
            ports.get(i).settled();
        }
    }
}
