// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import lazaret.machine.Field;
import lazaret.machine.Irq;
import lazaret.machine.Machine;
import lazaret.machine.Ram;
import lazaret.machine.Undo;
import lazaret.smmuv3.Gerror;
import lazaret.smmuv3.Idr0;
import lazaret.smmuv3.IrqCfg0;
import lazaret.smmuv3.IrqCfg2;
import lazaret.smmuv3.IrqCtrl;
import lazaret.smmuv3.Reg;

/**
 * GERROR and everything that signals: a wire and, where software gave an address, a message (MSI) for each
 * source.
 *
 * @spec IHI0070 3.18
 */
final class Interrupts {
    private final Ram ram;
    private final Registers registers;
    private final boolean msi;
    private final Irq gerror;
    private final Irq eventq;
    private final Irq priq;
    private final Irq sync;

    Interrupts(Machine machine, SmmuParams params, Registers registers) {
        this.registers = registers;
        ram = machine.ram();
        msi = params.has(Idr0.MSI);
        Undo undo = machine.undo();
        gerror = new Irq(undo, "smmu gerror");
        eventq = new Irq(undo, "smmu evtq");
        priq = new Irq(undo, "smmu priq");
        sync = new Irq(undo, "smmu cmdq-sync");
    }

    Irq gerrorIrq() {
        return gerror;
    }

    Irq eventqIrq() {
        return eventq;
    }

    Irq priqIrq() {
        return priq;
    }

    Irq syncIrq() {
        return sync;
    }

    /** Is this error reported and not acknowledged? */
    boolean active(Field error) {
        return error.test(registers.get(Reg.GERROR) ^ registers.get(Reg.GERRORN));
    }

    /** Reports an error; one that is active already is not reported again. */
    void raise(Field error) {
        if (active(error)) {
            return;
        }
        registers.set(Reg.GERROR, registers.get(Reg.GERROR) ^ error.mask());
        if (error != Gerror.MSI_GERROR_ABT_ERR && registers.irqOn(IrqCtrl.GERROR_IRQEN)) {
            signal(gerror, Reg.GERROR_IRQ_CFG0, Reg.GERROR_IRQ_CFG1, Gerror.MSI_GERROR_ABT_ERR);
        }
    }

    /** The event queue is no longer empty. */
    void eventqFilled() {
        if (registers.irqOn(IrqCtrl.EVENTQ_IRQEN)) {
            signal(eventq, Reg.EVENTQ_IRQ_CFG0, Reg.EVENTQ_IRQ_CFG1, Gerror.MSI_EVENTQ_ABT_ERR);
        }
    }

    /**
     * A page request was written, or dropped. Software chose whether it wants to hear of the first in the
     * queue or of the last of each group.
     */
    void pageRequested(boolean first, boolean last) {
        boolean groups = IrqCfg2.LO.test(registers.get(Reg.PRIQ_IRQ_CFG2));
        if ((groups ? last : first) && registers.irqOn(IrqCtrl.PRIQ_IRQEN)) {
            signal(priq, Reg.PRIQ_IRQ_CFG0, Reg.PRIQ_IRQ_CFG1, Gerror.MSI_PRIQ_ABT_ERR);
        }
    }

    /** Writes the message of a CMD_SYNC. */
    void syncMsi(long address, int data) {
        message(address, data, Gerror.MSI_CMDQ_ABT_ERR);
    }

    private void signal(Irq wire, Reg cfg0, Reg cfg1, Field abort) {
        long address = IrqCfg0.ADDR.in(registers.get(cfg0));
        if (msi && address != 0) {
            message(address, (int) registers.get(cfg1), abort);
        }
        wire.pulse();
    }

    private void message(long address, int data, Field abort) {
        if (ram.backs(address)) {
            ram.store32(address, data);
        } else {
            raise(abort);
        }
    }
}
