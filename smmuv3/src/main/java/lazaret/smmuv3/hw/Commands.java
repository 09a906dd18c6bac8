// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import java.util.List;
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

    /** Whose translations an invalidation is about. */
    private enum Who {
        /** Stage 1 of a VM, or of the host, and what combines it with stage 2. */
        EL1,
        EL2,
        /** What stage 2 of a VM alone says; entries that combine both stages are not among them. */
        STAGE2,
        /** Both stages of a VM. */
        VM,
        NOT_EL2
    }

    /** And of which address space. */
    private enum Whose {
        ANY,
        /** Entries that belong to that one alone. */
        OWN,
        /** Entries that serve it: global ones too. */
        SEEN
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
            case Command.TlbiNhAll c -> tlbi(Who.EL1, c.vmid(), Whose.ANY, 0, 0, null);
            case Command.TlbiNhAsid c -> tlbi(Who.EL1, c.vmid(), Whose.OWN, c.asid(), 0, null);
            case Command.TlbiNhVa c ->
                tlbi(Who.EL1, c.vmid(), Whose.SEEN, c.asid(), c.address(), c.range());
            case Command.TlbiNhVaa c -> tlbi(Who.EL1, c.vmid(), Whose.ANY, 0, c.address(), c.range());
            case Command.TlbiS12Vmall c -> tlbi(Who.VM, c.vmid(), Whose.ANY, 0, 0, null);
            case Command.TlbiNsnhAll _ -> tlbi(Who.NOT_EL2, 0, Whose.ANY, 0, 0, null);
            case Command.TlbiEl2All _ -> tlbi(Who.EL2, 0, Whose.ANY, 0, 0, null);
            case Command.TlbiEl2Asid c -> tlbi(Who.EL2, 0, Whose.OWN, c.asid(), 0, null);
            case Command.TlbiEl2Va c -> tlbi(Who.EL2, 0, Whose.SEEN, c.asid(), c.address(), c.range());
            case Command.TlbiEl2Vaa c -> tlbi(Who.EL2, 0, Whose.ANY, 0, c.address(), c.range());
            case Command.TlbiS2Ipa c -> tlbi(Who.STAGE2, c.vmid(), Whose.ANY, 0, c.ipa(), c.range());
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

    /** Invalidates entries of {@code who}; {@code range} null: wherever they are. */
    private void tlbi(Who who, int vmid, Whose whose, int asid, long address, TlbRange range) {
        for (long left = iotlb.live(); left != 0; left &= left - 1) {
            int slot = Long.numberOfTrailingZeros(left);
            if (everything || is(who, vmid, slot) && is(whose, asid, slot)
                    && (range == null || iotlb.meets(slot, address, range))) {
                iotlb.forget(slot);
            }
        }
        flushed();
    }

    private boolean is(Who who, int vmid, int slot) {
        return switch (who) {
            case EL1 -> el1(vmid, slot);
            case EL2 -> el2(slot);
            case STAGE2 -> stage2(vmid, slot);
            case VM -> el1(vmid, slot) || stage2(vmid, slot);
            case NOT_EL2 -> !el2(slot);
        };
    }

    private boolean is(Whose whose, int asid, int slot) {
        return switch (whose) {
            case ANY -> true;
            case OWN -> !iotlb.global(slot) && iotlb.asid(slot) == asid;
            case SEEN -> iotlb.global(slot) || iotlb.asid(slot) == asid;
        };
    }

    private boolean el2(int slot) {
        return !iotlb.isStage2(slot) && !iotlb.isOf(slot, StreamWorld.NS_EL1);
    }

    private boolean el1(int vmid, int slot) {
        return iotlb.isOf(slot, StreamWorld.NS_EL1) && (!stage2 || isOf(vmid, slot));
    }

    private boolean stage2(int vmid, int slot) {
        return iotlb.isStage2(slot) && isOf(vmid, slot);
    }

    private boolean isOf(int vmid, int slot) {
        int wild = registers.vmidWildcard();
        return iotlb.vmid(slot) >>> wild == vmid >>> wild;
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
