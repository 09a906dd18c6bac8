// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import lazaret.kernel.Kernel;
import lazaret.machine.Access;
import lazaret.machine.Machine;
import lazaret.pcie.ConfigSpace;

/** Config space as a CPU sees it: every access is a scheduling point. */
public final class CpuConfig implements ConfigSpace {
    private final Machine machine;
    private final ConfigSpace space;
    private final long base;

    /** @param rid tells these registers from those of others */
    public CpuConfig(Kernel kernel, int rid, ConfigSpace space) {
        machine = kernel.machine();
        this.space = space;
        base = (long) rid << 12;
    }

    @Override
    public int read32(int offset) {
        machine.strands().point(Access.MMIO_READ, base | offset);
        return space.read32(offset);
    }

    @Override
    public void write32(int offset, int value) {
        machine.strands().point(Access.MMIO_WRITE, base | offset);
        space.write32(offset, value);
    }

    @Override
    public void write16(int offset, int value) {
        machine.strands().point(Access.MMIO_WRITE, base | offset & ~3);
        space.write16(offset, value);
    }
}
