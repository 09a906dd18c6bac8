// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import lazaret.kernel.Kernel;
import lazaret.kernel.Level;
import lazaret.kernel.Shared;
import lazaret.machine.Unmodelled;
import lazaret.smmuv3.Cr0;
import lazaret.smmuv3.Reg;

/**
 * What is left when the command queue stands still: TLBs and ATCs cannot be told anything, and no fence can
 * be made effective through it. None of this needs the queue. Any context, no allocation, on several CPUs at
 * once.
 *
 * @req R88
 */
public final class LastResort {
    private final Kernel kernel;
    private final String name;
    private final SmmuRegs regs;
    /** Of itself. Not 0: the queue was found standing; nobody asks it for anything any more. */
    private final Shared needed;

    LastResort(Kernel kernel, String name, SmmuRegs regs) {
        this.kernel = kernel;
        this.name = name;
        this.regs = regs;
        needed = new Shared(kernel, name + " queue stands", 0);
    }

    public boolean isNeeded() {
        return needed.readOnce() != 0;
    }

    /** The queue was found standing. */
    public void need() {
        if (needed.xchg(1) == 0) {
            kernel.printk(Level.ERR, name + ": the command queue stands still, it is not asked any more");
        }
    }

    /** Switches the SMMU off, so that it refuses whatever comes, from every device behind it. */
    public void refuseAll() {
        int cr0 = regs.read(Reg.CR0);
        if (!Cr0.SMMUEN.test(cr0)) {
            return;
        }
        boolean off = regs.abortWhenOff()
                && regs.writeSync(Reg.CR0, Reg.CR0ACK, cr0 & ~(int) Cr0.SMMUEN.mask()).ok();
        kernel.printk(Level.ERR, name + (off ? ": switched off, all DMA of all devices is refused"
                : ": cannot be switched off"));
    }

    /** The device's port lets nothing pass any more, from any device below it. */
    public void contain(Master master) {
        if (master.pci() == null || !master.pci().containedByPort()) {
            kernel.printk(Level.ERR, master + ": no port above it can be contained");
        }
    }

    /** The SMMU has one command queue for software here. */
    public RuntimeException secondQueue() {
        return new Unmodelled("a second command queue of " + name);
    }
}
