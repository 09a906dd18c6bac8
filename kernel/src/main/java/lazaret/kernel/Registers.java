// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import java.util.function.IntPredicate;
import lazaret.kernel.KernelEntry.RegisterRead;
import lazaret.kernel.KernelEntry.RegisterWrite;
import lazaret.machine.Access;
import lazaret.machine.Log;
import lazaret.machine.Mmio;

/** A device's registers as a CPU sees them. Each access is a scheduling point. */
public final class Registers implements Mmio {
    private final Kernel kernel;
    private final Mmio device;
    private final Log log;
    private final long window;

    Registers(Kernel kernel, Mmio device) {
        this.kernel = kernel;
        this.device = device;
        log = kernel.machine().log();
        window = kernel.newWindow();
    }

    @Override
    public int read32(int offset) {
        kernel.open();
        kernel.point(Access.MMIO_READ, window | offset);
        int value = device.read32(offset);
        if (log.narrates()) {
            log.add(new RegisterRead(offset, value & 0xffff_ffffL));
        }
        kernel.close(value);
        return value;
    }

    @Override
    public void write32(int offset, int value) {
        kernel.open();
        kernel.point(Access.MMIO_WRITE, window | offset);
        if (log.narrates()) {
            log.add(new RegisterWrite(offset, value & 0xffff_ffffL));
        }
        device.write32(offset, value);
        kernel.close(0);
    }

    @Override
    public long read64(int offset) {
        kernel.open();
        kernel.point(Access.MMIO_READ, window | offset);
        long value = device.read64(offset);
        if (log.narrates()) {
            log.add(new RegisterRead(offset, value));
        }
        kernel.close(value);
        return value;
    }

    @Override
    public void write64(int offset, long value) {
        kernel.open();
        kernel.point(Access.MMIO_WRITE, window | offset);
        if (log.narrates()) {
            log.add(new RegisterWrite(offset, value));
        }
        device.write64(offset, value);
        kernel.close(0);
    }

    /**
     * Spins until the register satisfies {@code done}, at most {@code timeoutUs}. Did it?
     *
     * @kernel readl_poll_timeout_atomic
     */
    public boolean poll32(int offset, IntPredicate done, long timeoutUs) {
        return kernel.poll(() -> done.test(device.read32(offset)), timeoutUs);
    }
}
