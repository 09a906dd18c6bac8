// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.List;
import lazaret.kernel.Errno;
import lazaret.kernel.Gfp;
import lazaret.kernel.Kernel;
import lazaret.kernel.Level;
import lazaret.kernel.Pages;
import lazaret.machine.Frame;
import lazaret.machine.Word;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Cr0;
import lazaret.smmuv3.Cr1;
import lazaret.smmuv3.Cr2;
import lazaret.smmuv3.IrqCtrl;
import lazaret.smmuv3.Queue;
import lazaret.smmuv3.QueueBase;
import lazaret.smmuv3.Reg;

/**
 * From whatever state firmware left the SMMU in to one that translates: off, tables, command queue, empty
 * caches, event queue, ATS checks, interrupts, on. Each step that a later one relies on is acknowledged by
 * the hardware first.
 *
 * @kernel arm_smmu_device_reset
 */
record Bringup(Kernel kernel, SmmuSetup setup, SmmuRegs regs, Gerrors gerrors, Cmdq cmdq, Evtq evtq,
        Priq priq, Strtab strtab, Word cmdqBase) {
    private static final int ISH = 3;
    private static final int WB = 1;

    Errno run(Features features) {
        Errno err = off();
        if (err.ok()) {
            err = tables(features);
        }
        if (err.ok()) {
            err = cmdq(features);
        }
        if (err.ok()) {
            err = evtq.init(features);
        }
        if (err.ok()) {
            err = enable(Cr0.EVENTQEN.mask());
        }
        if (err.ok() && priq != null) {
            err = priq(features);
        }
        if (err.ok() && features.ats()) {
            err = enable(Cr0.ATSCHK.mask());
        }
        if (err.ok()) {
            err = irqs();
        }
        if (err.ok()) {
            err = enable(Cr0.SMMUEN.mask());
        }
        if (err.failed()) {
            kernel.printk(Level.ERR, setup.name() + ": cannot be brought up, error " + err);
        }
        return err;
    }

    /** Nothing passes while it is off. */
    private Errno off() {
        if (Cr0.SMMUEN.test(regs.read(Reg.CR0))) {
            kernel.printk(Level.WARN, setup.name() + ": SMMU currently enabled! Resetting...");
            if (!regs.abortWhenOff()) {
                return Errno.ETIMEDOUT;
            }
        }
        return regs.writeSync(Reg.CR0, Reg.CR0ACK, 0);
    }

    private Errno tables(Features features) {
        regs.write(Reg.CR1, (int) (Cr1.TABLE_SH.prep(ISH) | Cr1.TABLE_OC.prep(WB) | Cr1.TABLE_IC.prep(WB)
                | Cr1.QUEUE_SH.prep(ISH) | Cr1.QUEUE_OC.prep(WB) | Cr1.QUEUE_IC.prep(WB)));
        regs.write(Reg.CR2, (int) (Cr2.PTM.prep(true) | Cr2.RECINVSID.prep(true)));
        return strtab.init(features);
    }

    /** Also makes the SMMU forget all that it may have cached before. */
    private Errno cmdq(Features features) {
        Queue q = new Queue(setup.cmdqLog2());
        if (q.log2size() > features.cmdqLog2()) {
            return Errno.EINVAL;
        }
        int frames = q.size() * Queue.COMMAND / Frame.SIZE;
        long pa = kernel.pages().allocContiguous(Gfp.KERNEL, frames, setup.name() + " cmdq");
        if (pa == Pages.NONE) {
            return Errno.ENOMEM;
        }
        cmdqBase.set(QueueBase.RA.prep(true) | QueueBase.ADDR.in(pa) | QueueBase.LOG2SIZE.prep(q.log2size()));
        regs.write64(Reg.CMDQ_BASE, cmdqBase.get());
        regs.write(Reg.CMDQ_PROD, 0);
        regs.write(Reg.CMDQ_CONS, 0);
        Errno err = enable(Cr0.CMDQEN.mask());
        if (err.failed()) {
            return err;
        }
        Synced config = cmdq.submit(List.of(new Command.CfgiAll()));
        Synced tlb = cmdq.submit(List.of(new Command.TlbiNsnhAll()));
        return config.and(tlb).errno();
    }

    private Errno priq(Features features) {
        Errno err = priq.init(features);
        return err.ok() ? enable(Cr0.PRIQEN.mask()) : err;
    }

    private Errno irqs() {
        Errno err = regs.writeSync(Reg.IRQ_CTRL, Reg.IRQ_CTRLACK, 0);
        if (err.failed()) {
            return err;
        }
        long enable = 0;
        regs.write64(Reg.GERROR_IRQ_CFG0, 0);
        regs.write64(Reg.EVENTQ_IRQ_CFG0, 0);
        if (setup.gerrorIrq() != null) {
            kernel.requestIrq(setup.gerrorIrq(), setup.irqCpu(), setup.name() + "-gerror", gerrors::irq);
            enable |= IrqCtrl.GERROR_IRQEN.mask();
        }
        if (setup.eventqIrq() != null) {
            kernel.requestIrq(setup.eventqIrq(), setup.irqCpu(), setup.name() + "-evtq", evtq::irq);
            enable |= IrqCtrl.EVENTQ_IRQEN.mask();
        }
        if (priq != null) {
            regs.write64(Reg.PRIQ_IRQ_CFG0, 0);
            kernel.requestIrq(setup.pri().irq(), setup.irqCpu(), setup.name() + "-priq", priq::consume);
            enable |= IrqCtrl.PRIQ_IRQEN.mask();
        }
        return regs.writeSync(Reg.IRQ_CTRL, Reg.IRQ_CTRLACK, (int) enable);
    }

    private Errno enable(long bits) {
        return regs.writeSync(Reg.CR0, Reg.CR0ACK, regs.read(Reg.CR0) | (int) bits);
    }
}
