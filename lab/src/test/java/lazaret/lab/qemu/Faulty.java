// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.qemu;

import lazaret.lab.Chip;
import lazaret.machine.Irq;
import lazaret.machine.Machine;
import lazaret.machine.Mmio;
import lazaret.pcie.Function;
import lazaret.pcie.RootPort;
import lazaret.smmuv3.Queue;
import lazaret.smmuv3.QueueBase;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.Regs;

/**
 * An SMMU in whose command queue memory fails once: a command of a batch is another one than was written.
 *
 * @param fromEnd     which one, counted from the end of the batch
 * @param becomes     its first word then
 * @param batchesToGo how many batches come through before
 */
record Faulty(Chip chip, Machine machine, int fromEnd, long becomes, int[] batchesToGo) implements Chip {
    private static final long NO_COMMAND = 0x99;
    private static final long SYNC = 0x46;

    /** The SYNC at the end is no command at all. */
    static Faulty garbling(Chip chip, Machine machine, int[] batchesToGo) {
        return new Faulty(chip, machine, 1, NO_COMMAND, batchesToGo);
    }

    /** What stands before the SYNC at the end is a SYNC too, so it is not done. */
    static Faulty swallowing(Chip chip, Machine machine, int[] batchesToGo) {
        return new Faulty(chip, machine, 2, SYNC, batchesToGo);
    }

    @Override
    public Mmio mmio() {
        Mmio sound = chip.mmio();
        return new Mmio() {
            @Override
            public int read32(int offset) {
                return sound.read32(offset);
            }

            @Override
            public void write32(int offset, int value) {
                if (offset == Reg.CMDQ_PROD.offset() && batchesToGo[0]-- == 0) {
                    long base = sound.read64(Reg.CMDQ_BASE.offset());
                    var queue = new Queue(QueueBase.LOG2SIZE.getInt(base));
                    machine.ram().store(queue.slot(base, queue.add(value, -fromEnd), Queue.COMMAND), becomes);
                }
                sound.write32(offset, value);
            }

            @Override
            public long read64(int offset) {
                return sound.read64(offset);
            }

            @Override
            public void write64(int offset, long value) {
                sound.write64(offset, value);
            }
        };
    }

    @Override
    public Irq gerrorIrq() {
        return chip.gerrorIrq();
    }

    @Override
    public Irq evtqIrq() {
        return chip.evtqIrq();
    }

    @Override
    public RootPort connect(Function function, int sid) {
        return chip.connect(function, sid);
    }

    @Override
    public boolean hasAts() {
        return chip.hasAts();
    }

    @Override
    public int pasidBits() {
        return chip.pasidBits();
    }

    @Override
    public boolean refusesAts(int sid) {
        return chip.refusesAts(sid);
    }

    @Override
    public int outstanding(int sid) {
        return chip.outstanding(sid);
    }

    @Override
    public long register(Reg reg) {
        return chip.register(reg);
    }

    @Override
    public Regs regs() {
        return chip.regs();
    }

    @Override
    public void freeze() {
        chip.freeze();
    }

    @Override
    public void fail() {
        chip.fail();
    }

    @Override
    public void thaw() {
        chip.thaw();
    }

    @Override
    public void mark() {
        chip.mark();
    }

    @Override
    public void rewind() {
        chip.rewind();
    }
}
