// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.List;
import lazaret.kernel.Held;
import lazaret.kernel.Kernel;
import lazaret.kernel.Level;
import lazaret.kernel.Shared;
import lazaret.machine.Word;
import lazaret.smmuv3.CmdqCons;
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
 * @req R82 R85
 */
public final class Cmdq {
    private static final long FULL = -1;
    /** Hardware that can go on does so within this. */
    private static final long GRACE_US = 1000;
    /** First pause before an error that comes back without progress is acknowledged again; doubles. */
    private static final long PAUSE_US = 1000;

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
     * given up. Whoever gets {@link Synced#ATC_TIMEOUT} for ATC invalidations calls {@link #settled} when
     * nobody relies any more on the devices asked; until then soft interrupts are off on this CPU.
     */
    Synced submit(List<Command> commands) {
        return kernel.forgets().one(() -> inParts(commands));
    }

    /** @req R69 */
    private Synced inParts(List<Command> commands) {
        Synced all = Synced.OK;
        int timeOuts = 0;
        int from = 0;
        do {
            int to = Math.min(from + chunk, commands.size());
            List<Command> some = commands.subList(from, to);
            Synced one = issue(some, to == commands.size() || design.closesChunk(holdsAtcInv(some)));
            timeOuts += one == Synced.ATC_TIMEOUT ? 1 : 0;
            all = all.and(one);
            from = to;
        } while (from < commands.size());
        boolean asks = holdsAtcInv(commands);
        for (int callers = asks && all == Synced.ATC_TIMEOUT ? 1 : 0; timeOuts > callers; timeOuts--) {
            settled();
        }
        return all == Synced.DOUBTFUL && !asks ? Synced.OK : all;
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
        return kernel.forgets().one(() -> inOnePart(commands, sync));
    }

    /** @req R119 */
    private Synced inOnePart(List<Command> commands, boolean sync) {
        int n = commands.size() + (sync ? 1 : 0);
        do {
            try (Held _ = kernel.irqSave()) {
                long old = kernel.forgets().number(() -> reserve(n));
                if (old != FULL) {
                    return insert(old, commands, sync);
                }
            }
        } while (kernel.forgets().test(() -> awaitRoom(n)));
        kernel.printk(Level.ERR, name + ": CMDQ has no room");
        return Synced.EXPIRED;
    }

    private long reserve(int n) {
        long old = llq.readOnce();
        while (room(old, n)) {
            long seen = llq.cmpxchgRelaxed(old, Llq.reserved(old, q.add(Llq.prod(old), n)));
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
        kernel.forgets().run(() -> design.insert(new Insertion(this, from, commands, sync)));
        if (!Llq.owned(old)) {
            kernel.forgets().run(() -> publish(from));
        }
        return sync ? await(q.add(from, commands.size()), Llq.cons(old)) : Synced.OK;
    }

    void write(int from, List<Command> commands, boolean sync) {
        for (int i = 0; i < commands.size(); i++) {
            store(q.add(from, i), commands.get(i));
        }
        if (sync) {
            int end = q.add(from, commands.size());
            errors.renew(end);
            store(end, Command.Sync.SEV);
            consLock.lockShared();
        }
    }

    void announce(int from, int slots) {
        if (design.orders(Barrier.COMMANDS_BEFORE_VALID)) {
            kernel.dmaWmb();
        }
        valid.set(from, q.add(from, slots));
    }

    private void store(int at, Command command) {
        long pa = q.slot(base.get(), at, Queue.COMMAND);
        kernel.memory().store(pa, command.w0());
        kernel.memory().store(pa + Long.BYTES, command.w1());
    }

    /** The owner's part. Owners publish in the order in which they reserved. */
    private void publish(int from) {
        kernel.await(() -> ownerProd.peek() == from);
        int to = Llq.prod(llq.fetchAndNotRelaxed(Llq.OWNED));
        valid.await(from, to);
        regs.writeRelaxed(Reg.CMDQ_PROD, to);
        ownerProd.storeRelease(to);
    }

    // ---- waiting

    /** @param known where CONS was when somebody last looked @req R73 */
    private Synced await(int sync, int known) {
        kernel.await(() -> passed((int) ownerProd.peek(), sync));       // its owner waits for software only
        boolean passed = kernel.forgets().test(() -> poll(sync, known));
        Synced synced = passed ? kernel.forgets().one(() -> answer(sync)) : Synced.EXPIRED;
        if (synced == Synced.EXPIRED) {
            gerrors.abandon(sync);
            kernel.printk(Level.ERR, name + ": CMD_SYNC timeout at " + SmmuRegs.hex(sync)
                    + " [hwprod " + SmmuRegs.hex(regs.read(Reg.CMDQ_PROD))
                    + ", hwcons " + SmmuRegs.hex(regs.read(Reg.CMDQ_CONS)) + "]");
        }
        kernel.forgets().run(() -> leave(sync, synced == Synced.EXPIRED && design.reclaimsGivenUp()));
        return synced;
    }

    private void leave(int sync, boolean reclaims) {
        if (reclaims || !consLock.tryUnlockShared()) {
            learnCons(reclaims ? q.inc(sync) : rd(regs.read(Reg.CMDQ_CONS)));
            consLock.unlockShared();
        }
    }

    /** @req R70 R117 */
    private Synced answer(int sync) {
        if (!errors.isUnsettled()) {
            return Synced.OK;
        }
        if (!errors.take(sync)) {
            return Synced.DOUBTFUL;
        }
        kernel.localBhDisable();
        gerrors.passed();
        return Synced.ATC_TIMEOUT;
    }

    /**
     * Waits until those who asked devices that did not answer have dealt with it. A soft interrupt is never
     * on top of one of them, because they keep those off until they are done (flush-in-softirq-waits). A hard
     * interrupt may be and cannot wait: then it says false.
     */
    boolean awaitSettled() {
        if (kernel.inHardirq()) {
            return false;
        }
        kernel.await(() -> !errors.peekUnsettled());
        return true;
    }

    /** The caller has dealt with a batch that came to {@link Synced#ATC_TIMEOUT}. */
    void settled() {
        errors.settled();
        kernel.localBhEnable();
    }

    /**
     * Waits until CONS has passed the SYNC. The limit is for hardware that could go on and does not: it
     * starts again when CONS has moved. The interrupt that would report an error may be pending on this very
     * CPU, so this handles errors itself. One that comes back at the same place gets more time each round, up
     * to the limit, for it may go away only when a device answers or is reset.
     *
     * @req R87 R118
     */
    private boolean poll(int sync, int known) {
        int last = known;
        int failedAt = -1;
        long pause = 0;
        long paused = 0;
        while (true) {
            boolean woken = kernel.poll(() -> passed(sync) || errorShows(), limitUs);
            int cons = rd(regs.read(Reg.CMDQ_CONS));
            if (passed(cons, sync)) {
                return true;
            }
            boolean again = woken && cons == failedAt;
            if (again ? paused >= limitUs : !woken && cons == last && stands(cons)) {
                return false;
            }
            pause = again ? Math.max(PAUSE_US, 2 * pause) : 0;
            paused = again ? paused + pause : 0;
            if (again && kernel.poll(() -> passed(sync), pause)) {
                return true;
            }
            last = cons;
            if (woken) {
                failedAt = cons;
                gerrors.handle();
            }
        }
    }

    /** @req R86 */
    private boolean errorShows() {
        return design.issuerHandlesGerror() && gerrors.peekCmdqErr();
    }

    private static int rd(int cons) {
        return CmdqCons.RD.getInt(cons);
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

    /**
     * Waits until there may be room. Gives up when hardware has something to do and has not moved for the
     * whole limit. Any context; interrupts as the caller has them.
     *
     * @req R84
     */
    private boolean awaitRoom(int n) {
        if (learnConsAlone() && room(llq.readOnce(), n)) {
            return true;
        }
        int before = rd(regs.read(Reg.CMDQ_CONS));
        if (kernel.poll(() -> room(llq.peek(), n) || movedOn() || moved(before) || errorShows(), limitUs)) {
            if (errorShows()) {
                gerrors.handle();
            }
            return true;
        }
        return !stands(before);
    }

    /** Waits until the queue moves or has nothing to do, however long that takes. */
    public void awaitMoved() {
        int cons = rd(regs.read(Reg.CMDQ_CONS));
        kernel.await(() -> moved(cons) || q.empty(regs.peek(Reg.CMDQ_PROD), cons) || errorShows());
        if (errorShows()) {
            gerrors.handle();
        }
    }

    /** It had its time and is where it was: did software keep it waiting, or does it not go on? */
    private boolean stands(int cons) {
        return !q.empty(regs.read(Reg.CMDQ_PROD), cons)
                && !kernel.poll(() -> moved(cons) || errorShows(), GRACE_US);
    }

    private boolean moved(int cons) {
        return rd(regs.peek(Reg.CMDQ_CONS)) != cons;
    }

    /** Would taking the lock exclusively teach anything? */
    private boolean movedOn() {
        return consLock.peekFree() && q.used(regs.peek(Reg.CMDQ_CONS), Llq.cons(llq.peek())) != 0;
    }

    /** With interrupts off: shared holders spin until it is over, also on this CPU. */
    private boolean learnConsAlone() {
        try (Held _ = kernel.irqSave()) {
            if (!consLock.tryLockExclusive()) {
                return false;
            }
            learnCons(rd(regs.read(Reg.CMDQ_CONS)));
            consLock.unlockExclusive();
            return true;
        }
    }

    /** Only under {@link CmdqLock}: exclusively, or as the last shared holder. @req R85 */
    private void learnCons(int cons) {
        kernel.forgets().run(() -> moveCons(cons));
    }

    private void moveCons(int cons) {
        long old = llq.readOnce();
        long seen = llq.cmpxchgRelaxed(old, Llq.consumed(old, cons));
        while (seen != old) {
            old = seen;
            seen = llq.cmpxchgRelaxed(old, Llq.consumed(old, cons));
        }
    }
}
