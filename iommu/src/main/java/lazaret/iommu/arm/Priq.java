// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.List;
import lazaret.iommu.Iopf;
import lazaret.kernel.Errno;
import lazaret.kernel.Gfp;
import lazaret.kernel.GuardedWord;
import lazaret.kernel.Held;
import lazaret.kernel.Kernel;
import lazaret.kernel.Level;
import lazaret.kernel.Lifetime;
import lazaret.kernel.Pages;
import lazaret.kernel.Spinlock;
import lazaret.machine.Frame;
import lazaret.machine.Unmodelled;
import lazaret.machine.Word;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.PriEntry;
import lazaret.smmuv3.Queue;
import lazaret.smmuv3.QueueBase;
import lazaret.smmuv3.Reg;

/**
 * The queue of page requests. Whoever needs it empty empties it, as the interrupt handler does.
 *
 * @kernel arm_smmu_priq_thread
 * @req R90
 */
final class Priq {
    private final Kernel kernel;
    private final SmmuRegs regs;
    private final Streams streams;
    private final Cmdq cmdq;
    private final String name;
    private final Queue q;
    /** Written at probe, constant after: value of PRIQ_BASE. */
    private final Word base;
    private final Spinlock lock;
    /** Guarded by lock. */
    private final GuardedWord cons;

    Priq(Kernel kernel, SmmuSetup setup, SmmuRegs regs, Streams streams, Cmdq cmdq, Lifetime life) {
        this.kernel = kernel;
        this.regs = regs;
        this.streams = streams;
        this.cmdq = cmdq;
        name = setup.name();
        q = new Queue(setup.pri().log2());
        base = new Word(kernel.machine().undo());
        lock = new Spinlock(kernel, "priq_lock");
        cons = new GuardedWord(kernel, "priq cons", lock, life, 0);
    }

    /** Allocates it and tells the SMMU; PRIQEN must be off. */
    Errno init(Features features) {
        if (q.log2size() > features.priqLog2()) {
            return Errno.EINVAL;
        }
        int frames = Math.ceilDiv(q.size() * Queue.PRI, Frame.SIZE);
        long pa = kernel.pages().allocContiguous(Gfp.KERNEL, frames, name + " priq");
        if (pa == Pages.NONE) {
            return Errno.ENOMEM;
        }
        base.set(QueueBase.RA.prep(true) | QueueBase.ADDR.in(pa) | QueueBase.LOG2SIZE.prep(q.log2size()));
        regs.write64(Reg.PRIQ_BASE, base.get());
        regs.write(Reg.PRIQ_PROD, 0);
        regs.write(Reg.PRIQ_CONS, 0);
        return Errno.OK;
    }

    /** Reports what is queued now, each to whom it concerns. Any context. */
    void consume() {
        try (Held _ = lock.irqsave()) {
            int prod = regs.read(Reg.PRIQ_PROD);
            int at = (int) cons.get();
            if (Queue.overflowed(prod, at)) {
                kernel.printk(Level.ERR, name + ": PRIQ overflow detected -- requests lost");
            }
            while (!q.empty(prod, at)) {
                report(q.slot(base.get(), at, Queue.PRI));
                at = q.inc(at);
            }
            at = Queue.ack(prod, at);
            cons.set(at);
            regs.write(Reg.PRIQ_CONS, at);
        }
    }

    private void report(long pa) {
        PriEntry entry = PriEntry.decode(kernel.memory().load(pa), kernel.memory().load(pa + Long.BYTES));
        if (entry.stopMarker() || !entry.last()) {
            throw new Unmodelled("page requests that are not one group each: " + entry.text());
        }
        Master master = streams.find(entry.sid());
        Iopf iopf = master == null ? null : master.dev().core().iopf();
        if (iopf == null || !entry.ssv()) {
            answer(entry.sid(), entry.ssv(), entry.ssid(), entry.prgIndex(), Command.Resp.INVALID);
            return;
        }
        iopf.report(new Iopf.Request(master.dev(), entry.ssid(), entry.prgIndex(), entry.address()));
    }

    /** @kernel arm_smmu_page_response */
    void answer(int sid, boolean ssv, int ssid, int group, Command.Resp how) {
        Synced synced = cmdq.submit(List.of(new Command.PriResp(sid, ssv, ssid, group, how)));
        if (!synced.consumed()) {
            kernel.printk(Level.ERR, name + ": a page response is stuck in the command queue");
        }
    }
}
