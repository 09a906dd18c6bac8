// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.List;
import lazaret.kernel.Held;
import lazaret.kernel.Kernel;
import lazaret.kernel.Level;
import lazaret.kernel.Shared;
import lazaret.machine.Word;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Queue;
import lazaret.smmuv3.Reg;

/**
 * The command queue, filled by many CPUs without a lock around it. One insertion, interrupts off from (1) to
 * (5):
 * <ol>
 * <li>Reserve: one compare-and-exchange on {@code llq} takes a contiguous run of slots. Whoever finds no
 * owner becomes it.
 * <li>Write the commands and, when a SYNC ends them, hold {@link CmdqLock} shared: from here the queue cannot
 * wrap around it.
 * <li>Mark the slots in {@link ValidMap}.
 * <li>The owner waits until the previous owner has published, ends its own reign so that the next reservation
 * finds a new owner, waits until all slots reserved under it are valid, and publishes them with one write of
 * CMDQ_PROD.
 * <li>With a SYNC: wait until CMDQ_CONS has passed it, for a limited time, then look at {@link AtcErrors}.
 * </ol>
 * What software takes for the consumer index is always a value read from hardware: a SYNC that was given up
 * frees nothing.
 *
 * @kernel arm_smmu_cmdq_issue_cmdlist
 */
public final class Cmdq {
    private static final long FULL = -1;
    /** First pause before an error that comes back without progress is acknowledged again; doubles. */
    private static final long PAUSE_US = 1000;
    /** How often to wait for room, for callers whom others keep overtaking. */
    private static final int ROOM_ROUNDS = 64;

    private final Kernel kernel;
    private final SmmuDesign design;
    private final String name;
    private final long limitUs;
    private final int chunk;
    private final SmmuRegs regs;
    private final Gerrors gerrors;
    private final AtcErrors errors;
    private final Queue q;
    /** Written at probe, constant after: value of CMDQ_BASE. */
    private final Word base;
    /** See {@link Llq}. Of itself. */
    private final Shared llq;
    /** How far owners have published. Written by the owner only. */
    private final Shared ownerProd;
    private final CmdqLock consLock;
    private final ValidMap valid;

    Cmdq(Kernel kernel, SmmuDesign design, SmmuSetup setup, SmmuRegs regs, Gerrors gerrors, AtcErrors errors,
            Word base) {
        this.kernel = kernel;
        this.design = design;
        this.regs = regs;
        this.gerrors = gerrors;
        this.errors = errors;
        this.base = base;
        name = setup.name();
        limitUs = setup.syncLimitUs();
        chunk = setup.chunk();
        q = new Queue(setup.cmdqLog2());
        llq = new Shared(kernel, name + " cmdq llq", 0);
        ownerProd = new Shared(kernel, name + " cmdq owner_prod", 0);
        consLock = new CmdqLock(kernel, name + " cmdq lock");
        valid = new ValidMap(kernel, q, name + " cmdq");
    }

    // ---- insertions

    /**
     * Commands followed by a SYNC, in insertions of bounded size; returns when all SYNCs were consumed or
     * given up.
     */
    public Synced submit(List<Command> commands) {
        Synced all = Synced.OK;
        int from = 0;
        do {
            int to = Math.min(from + chunk, commands.size());
            boolean last = to == commands.size();
            List<Command> some = commands.subList(from, to);
            all = all.and(issue(some, last || design.closesChunk(holdsAtcInv(some))));
            from = to;
        } while (from < commands.size());
        return all;
    }

    private static boolean holdsAtcInv(List<Command> commands) {
        for (int i = 0; i < commands.size(); i++) {
            if (commands.get(i) instanceof Command.AtcInv) {
                return true;
            }
        }
        return false;
    }

    /**
     * One contiguous insertion. Without {@code sync} it says OK once the commands are on their way. Any
     * context.
     */
    Synced issue(List<Command> commands, boolean sync) {
        int n = commands.size() + (sync ? 1 : 0);
        for (int round = 0; round < ROOM_ROUNDS; round++) {
            try (Held _ = kernel.irqSave()) {
                long old = reserve(n);
                if (old != FULL) {
                    return insert(old, commands, sync);
                }
            }
            if (!awaitRoom(n)) {
                break;
            }
        }
        kernel.printk(Level.ERR, name + ": CMDQ has no room");
        return Synced.EXPIRED;
    }

    private long reserve(int n) {
        long old = llq.readOnce();
        while (room(old, n)) {
            long seen = llq.cmpxchg(old, Llq.reserved(old, q.add(Llq.prod(old), n)));
            if (seen == old) {
                return old;
            }
            old = seen;
        }
        return FULL;
    }

    private boolean room(long known, int n) {
        return q.space(Llq.prod(known), Llq.cons(known)) >= n;
    }

    private Synced insert(long old, List<Command> commands, boolean sync) {
        int from = Llq.prod(old);
        int end = q.add(from, commands.size());
        for (int i = 0; i < commands.size(); i++) {
            store(q.add(from, i), commands.get(i));
        }
        if (sync) {
            errors.clear(end);
            store(end, Command.Sync.SEV);
            consLock.lockShared();
        }
        kernel.dmaWmb();
        valid.set(from, sync ? q.inc(end) : end);
        if (!Llq.owned(old)) {
            publish(from);
        }
        return sync ? await(end) : Synced.OK;
    }

    private void store(int at, Command command) {
        long pa = q.slot(base.get(), at, Queue.COMMAND);
        kernel.memory().store(pa, command.w0());
        kernel.memory().store(pa + Long.BYTES, command.w1());
    }

    /** The owner's part. Owners publish in the order in which they reserved. */
    private void publish(int from) {
        kernel.await(() -> ownerProd.peek() == from);
        int to = Llq.prod(llq.fetchAndNot(Llq.OWNED));
        valid.await(from, to);
        regs.write(Reg.CMDQ_PROD, to);
        ownerProd.storeRelease(to);
    }

    // ---- waiting

    private Synced await(int sync) {
        boolean consumed = poll(sync);
        boolean failed = errors.testAndClear(sync);
        if (!consumed) {
            kernel.printk(Level.ERR, name + ": CMD_SYNC timeout at " + SmmuRegs.hex(sync)
                    + " [hwprod " + SmmuRegs.hex(regs.read(Reg.CMDQ_PROD))
                    + ", hwcons " + SmmuRegs.hex(regs.read(Reg.CMDQ_CONS)) + "]");
        } else if (failed) {
            gerrors.passed();
        }
        if (!consLock.tryUnlockShared()) {
            learnCons();
            consLock.unlockShared();
        }
        return !consumed ? Synced.EXPIRED : failed ? Synced.ATC_TIMEOUT : Synced.OK;
    }

    /**
     * Waits until CONS has passed the SYNC. The interrupt that would report an error may be pending on this
     * very CPU, so this handles errors itself. One that comes back at the same place gets more time each
     * round, for it may go away only when a device answers or is reset.
     */
    private boolean poll(int sync) {
        long deadline = now() + limitUs;
        long pause = 0;
        int last = -1;
        do {
            if (!kernel.poll(() -> passed(sync) || errorShows(), deadline - now())) {
                return false;
            }
            int cons = regs.read(Reg.CMDQ_CONS);
            if (passed(cons, sync)) {
                return true;
            }
            pause = cons == last ? Math.max(PAUSE_US, 2 * pause) : 0;
            last = cons;
            if (pause > 0 && kernel.poll(() -> passed(sync), Math.min(pause, deadline - now()))) {
                return true;
            }
            gerrors.handle();
        } while (now() < deadline);
        return passed(regs.read(Reg.CMDQ_CONS), sync);
    }

    private long now() {
        return kernel.machine().clock().now();
    }

    private boolean errorShows() {
        return design.issuerHandlesGerror() && gerrors.peekCmdqErr();
    }

    private boolean passed(int sync) {
        return passed(regs.peek(Reg.CMDQ_CONS), sync);
    }

    /**
     * The queue cannot have wrapped: then CONS is behind the slot or at it, or past it by no more than the
     * queue is long.
     */
    private boolean passed(int cons, int sync) {
        int distance = q.used(cons, sync);
        return distance != 0 && distance <= q.size();
    }

    /** Waits until there may be room, for a limited time. Any context; interrupts as the caller has them. */
    private boolean awaitRoom(int n) {
        if (learnConsAlone() && room(llq.readOnce(), n)) {
            return true;
        }
        boolean moved = kernel.poll(() -> room(llq.peek(), n) || movedOn() || errorShows(), limitUs);
        if (moved && errorShows()) {
            gerrors.handle();
        }
        return moved;
    }

    /** Would taking the lock exclusively teach anything? */
    private boolean movedOn() {
        return consLock.peekFree() && q.used(regs.peek(Reg.CMDQ_CONS), Llq.cons(llq.peek())) != 0;
    }

    private boolean learnConsAlone() {
        if (!consLock.tryLockExclusive()) {
            return false;
        }
        learnCons();
        consLock.unlockExclusive();
        return true;
    }

    /** Only under {@link CmdqLock}: exclusively, or as the last shared holder. */
    private void learnCons() {
        int cons = q.add(regs.read(Reg.CMDQ_CONS) & ~Queue.OVERFLOW, 0);
        long old = llq.readOnce();
        long seen = llq.cmpxchg(old, Llq.consumed(old, cons));
        while (seen != old) {
            old = seen;
            seen = llq.cmpxchg(old, Llq.consumed(old, cons));
        }
    }
}
