// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import java.util.List;
import lazaret.machine.Strand;
import lazaret.smmuv3.Cr0;
import lazaret.smmuv3.Gbpa;
import lazaret.smmuv3.Reg;

/**
 * Puts into effect what software wrote to CR0, IRQ_CTRL and GBPA, and says so in CR0ACK, IRQ_CTRLACK and
 * GBPA.Update. Until then the old values hold.
 *
 * @spec IHI0070 6.3
 */
final class Handshake implements Strand {
    private final Registers registers;
    private final CommandQueue commands;
    private final List<Port> ports;

    Handshake(Registers registers, CommandQueue commands, List<Port> ports) {
        this.registers = registers;
        this.commands = commands;
        this.ports = ports;
    }

    @Override
    public String name() {
        return "smmu registers";
    }

    @Override
    public String lane() {
        return Smmu.LANE;
    }

    @Override
    public boolean enabled() {
        return ready() != 0 || registers.get(Reg.IRQ_CTRL) != registers.get(Reg.IRQ_CTRLACK)
                || Gbpa.UPDATE.test(registers.get(Reg.GBPA));
    }

    @Override
    public void step() {
        boolean was = registers.on(Cr0.SMMUEN);
        registers.acknowledge(ready());
        if (!registers.on(Cr0.CMDQEN)) {
            commands.disabled();
        }
        if (was && !registers.on(Cr0.SMMUEN)) {
            for (int i = 0; i < ports.size(); i++) {
                ports.get(i).stall().terminate();
            }
        }
    }

    /**
     * Bits of CR0 that may be acknowledged now. The command queue is off only when no command is under way.
     */
    private long ready() {
        long differ = registers.get(Reg.CR0) ^ registers.get(Reg.CR0ACK);
        return differ != 0 && commands.midway() ? differ & ~Cr0.CMDQEN.mask() : differ;
    }
}
