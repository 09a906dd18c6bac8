// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import lazaret.iommu.IommuEntry;
import lazaret.kernel.Errno;
import lazaret.kernel.Gfp;
import lazaret.kernel.Kernel;
import lazaret.kernel.Level;
import lazaret.kernel.Pages;
import lazaret.kernel.Ratelimit;
import lazaret.machine.Frame;
import lazaret.machine.Word;
import lazaret.smmuv3.Event;
import lazaret.smmuv3.Queue;
import lazaret.smmuv3.QueueBase;
import lazaret.smmuv3.Reg;

/**
 * The event queue: what the SMMU refused, some of it printed. A fenced device may try again as fast as it
 * can, and each time is an event: all are taken from the queue, few are told.
 *
 * @kernel arm_smmu_evtq_thread
 * @req R89
 */
final class Evtq {
    private final Kernel kernel;
    private final SmmuRegs regs;
    private final Streams streams;
    private final String name;
    private final Queue q;
    /** Written at probe, constant after: value of EVENTQ_BASE. */
    private final Word base;
    /** Touched by the interrupt handler only. */
    private final Word cons;
    /** As cons. */
    private final Ratelimit limit;

    Evtq(Kernel kernel, SmmuSetup setup, SmmuRegs regs, Streams streams) {
        this.kernel = kernel;
        this.regs = regs;
        this.streams = streams;
        name = setup.name();
        q = new Queue(setup.eventqLog2());
        base = new Word(kernel.machine().undo());
        cons = new Word(kernel.machine().undo());
        limit = new Ratelimit(kernel, name + " evtq", Ratelimit.USUAL_US, Ratelimit.USUAL_BURST);
    }

    /** Allocates it and tells the SMMU; EVENTQEN must be off. */
    Errno init(Features features) {
        if (q.log2size() > features.eventqLog2()) {
            return Errno.EINVAL;
        }
        int frames = q.size() * Queue.EVENT / Frame.SIZE;
        long pa = kernel.pages().allocContiguous(Gfp.KERNEL, frames, name + " evtq");
        if (pa == Pages.NONE) {
            return Errno.ENOMEM;
        }
        base.set(QueueBase.RA.prep(true) | QueueBase.ADDR.in(pa) | QueueBase.LOG2SIZE.prep(q.log2size()));
        regs.write64(Reg.EVENTQ_BASE, base.get());
        regs.write(Reg.EVENTQ_PROD, 0);
        regs.write(Reg.EVENTQ_CONS, 0);
        return Errno.OK;
    }

    /** The interrupt handler: one queue full at most, more of it would come with another interrupt. */
    void irq() {
        int prod = regs.read(Reg.EVENTQ_PROD);
        int at = cons.asInt();
        if (Queue.overflowed(prod, at)) {
            kernel.printk(Level.ERR, name + ": EVTQ overflow detected -- events lost");
        }
        while (!q.empty(prod, at)) {
            if (limit.allows()) {
                print(q.slot(base.get(), at, Queue.EVENT));
            }
            at = q.inc(at);
        }
        at = Queue.ack(prod, at);
        cons.set(at);
        regs.write(Reg.EVENTQ_CONS, at);
    }

    private void print(long pa) {
        Event event = Event.decode(word(pa, 0), word(pa, 1), word(pa, 2), word(pa, 3));
        String client = streams.client(event.origin().sid());
        kernel.printk(Level.ERR, name + ": event: " + event.text() + " client: " + client);
        if (kernel.machine().log().hears()) {
            kernel.machine().log().add(new IommuEntry.EventTold(name, event.origin().sid()));
        }
    }

    private long word(long pa, int index) {
        return kernel.memory().load(pa + (long) index * Long.BYTES);
    }
}
