// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import lazaret.kernel.Kernel;
import lazaret.machine.Access;
import lazaret.pcie.ConfigSpace;

/**
 * Config space as a CPU sees it: every access is a scheduling point. What the function looks at inside to
 * answer, the CPU does not see.
 */
public final class CpuConfig implements ConfigSpace {
    private final Kernel kernel;
    private final ConfigSpace space;
    private final long base;

    /** @param rid tells these registers from those of others */
    public CpuConfig(Kernel kernel, int rid, ConfigSpace space) {
        this.kernel = kernel;
        this.space = space;
        base = (long) rid << 12;
    }

    @Override
    public int read32(int offset) {
        return (int) kernel.forgets().number(() -> {
            point(Access.MMIO_READ, offset);
            return space.read32(offset);
        });
    }

    @Override
    public void write32(int offset, int value) {
        kernel.forgets().run(() -> {
            point(Access.MMIO_WRITE, offset);
            space.write32(offset, value);
        });
    }

    @Override
    public void write16(int offset, int value) {
        kernel.forgets().run(() -> {
            point(Access.MMIO_WRITE, offset & ~3);
            space.write16(offset, value);
        });
    }

    private void point(Access access, int offset) {
        kernel.machine().strands().point(access, base | offset);
    }
}
