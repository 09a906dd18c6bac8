// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import lazaret.kernel.Cpu;
import lazaret.machine.Irq;
import lazaret.machine.Mmio;

/**
 * What firmware and whoever configured the kernel say about one SMMU.
 *
 * @param name        of the platform device
 * @param regs        both register pages
 * @param gerrorIrq   null: nobody is interrupted, issuers of commands look themselves
 * @param eventqIrq   null: events stay in their queue
 * @param irqCpu      takes the interrupts; may be null when there are none
 * @param twoLevel    stream table with 2 levels if the SMMU can, else linear
 * @param sidBits     log2 of the number of streams the table shall have, at most what the SMMU has
 * @param ssidBits    log2 of the number of PASIDs a device may have, at most what SMMU and device
 *                    have; 0 for none
 * @param cmdqLog2    log2 of the command queue's entries, at most what the SMMU has
 * @param eventqLog2  log2 of the event queue's entries, at most what the SMMU has
 * @param chunk       commands inserted at once at most, besides their SYNC
 * @param syncLimitUs how long to wait for a SYNC or for room, in microseconds; the hardware has limits of its
 *                    own
 * @param fenceRounds how often to wait that long for the SYNC of a fence
 * @param pri         null: page requests are not taken
 * @param afterCrash  this kernel starts after another one crashed: devices are attached when their first DMA
 *                    is mapped
 * @param tlbiLimit   above so many pages a flush drops the whole address space from the TLB
 */
public record SmmuSetup(String name, Mmio regs, Irq gerrorIrq, Irq eventqIrq, Cpu irqCpu, boolean twoLevel,
        int sidBits, int ssidBits, int cmdqLog2, int eventqLog2, int chunk, long syncLimitUs,
        int fenceRounds, int tlbiLimit, PageRequests pri, boolean afterCrash) {
    /**
     * Page requests are taken.
     *
     * @param log2 of the queue's entries, at most what the SMMU has
     */
    public record PageRequests(Irq irq, int log2) { }

    public SmmuSetup {
        if (chunk + 1 > 1 << cmdqLog2) {
            throw new IllegalArgumentException(chunk + " commands and a SYNC in a queue of 2^" + cmdqLog2);
        }
    }

    /** Two levels over 16 bits of stream id, no PASIDs, 64 commands, 32 events, one second for a SYNC. */
    public static SmmuSetup of(String name, Mmio regs, Irq gerrorIrq, Irq eventqIrq, Cpu irqCpu) {
        return new SmmuSetup(name, regs, gerrorIrq, eventqIrq, irqCpu, true, 16, 0, 6, 5, 16, 1_000_000, 3,
                16, null, false);
    }

    public SmmuSetup withLinearTable(int bits) {
        return new SmmuSetup(name, regs, gerrorIrq, eventqIrq, irqCpu, false, bits, ssidBits, cmdqLog2,
                eventqLog2, chunk, syncLimitUs, fenceRounds, tlbiLimit, pri, afterCrash);
    }

    public SmmuSetup withCmdq(int log2, int commandsAtOnce) {
        return new SmmuSetup(name, regs, gerrorIrq, eventqIrq, irqCpu, twoLevel, sidBits, ssidBits, log2,
                eventqLog2, commandsAtOnce, syncLimitUs, fenceRounds, tlbiLimit, pri, afterCrash);
    }

    public SmmuSetup withLimits(long syncUs, int rounds) {
        return new SmmuSetup(name, regs, gerrorIrq, eventqIrq, irqCpu, twoLevel, sidBits, ssidBits,
                cmdqLog2, eventqLog2, chunk, syncUs, rounds, tlbiLimit, pri, afterCrash);
    }

    /** @param bits see {@code ssidBits} */
    public SmmuSetup withPasids(int bits) {
        return new SmmuSetup(name, regs, gerrorIrq, eventqIrq, irqCpu, twoLevel, sidBits, bits, cmdqLog2,
                eventqLog2, chunk, syncLimitUs, fenceRounds, tlbiLimit, pri, afterCrash);
    }

    public SmmuSetup withPageRequests(Irq irq, int log2) {
        return new SmmuSetup(name, regs, gerrorIrq, eventqIrq, irqCpu, twoLevel, sidBits, ssidBits, cmdqLog2,
                eventqLog2, chunk, syncLimitUs, fenceRounds, tlbiLimit, new PageRequests(irq, log2),
                afterCrash);
    }

    /** See {@code afterCrash}. */
    public SmmuSetup withDeferredAttach() {
        return new SmmuSetup(name, regs, gerrorIrq, eventqIrq, irqCpu, twoLevel, sidBits, ssidBits, cmdqLog2,
                eventqLog2, chunk, syncLimitUs, fenceRounds, tlbiLimit, pri, true);
    }
}
