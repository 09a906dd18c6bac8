// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import lazaret.machine.Irq;
import lazaret.machine.Machine;
import lazaret.machine.Mmio;
import lazaret.pcie.Function;
import lazaret.pcie.RootPort;
import lazaret.smmuv3.Idr0;
import lazaret.smmuv3.Idr1;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.Regs;
import lazaret.smmuv3.hw.Smmu;
import lazaret.smmuv3.hw.SmmuParams;

/** Our model, with a stage 2 for guests. All its state lives in cells, so it goes back with them. */
record Modelled(Smmu smmu) implements Chip {
    Modelled(Machine machine, long atcTimeoutUs) {
        this(new Smmu(machine, SmmuParams.USUAL.with(Idr0.S2P, 1).with(Idr0.PRI, 1).with(Idr1.PRIQS, 10)
                .withAtcTimeout(atcTimeoutUs)));
    }

    @Override
    public Mmio mmio() {
        return smmu.mmio();
    }

    @Override
    public Irq gerrorIrq() {
        return smmu.gerrorIrq();
    }

    @Override
    public Irq evtqIrq() {
        return smmu.evtqIrq();
    }

    @Override
    public Irq priqIrq() {
        return smmu.priqIrq();
    }

    @Override
    public RootPort connect(Function function, int sid) {
        return smmu.connect(function, sid);
    }

    @Override
    public boolean hasAts() {
        return true;
    }

    @Override
    public int pasidBits() {
        return Idr1.SSIDSIZE.getInt((int) register(Reg.IDR1));
    }

    @Override
    public boolean refusesAts(int sid) {
        return smmu.refusesAts(sid);
    }

    @Override
    public int outstanding(int sid) {
        return smmu.outstanding(sid);
    }

    @Override
    public long register(Reg reg) {
        return reg.bits() == Long.SIZE ? smmu.mmio().read64(reg.offset()) : smmu.mmio().read32(reg.offset());
    }

    @Override
    public Regs regs() {
        return smmu.regs();
    }

    @Override
    public void freeze() {
        smmu.freezeAfter(0);
    }

    @Override
    public void thaw() {
        smmu.freezeAfter(SmmuParams.NEVER);
    }

    @Override
    public void fail() {
        smmu.fail();
    }

    @Override
    public void mark() { }

    @Override
    public void rewind() { }
}
