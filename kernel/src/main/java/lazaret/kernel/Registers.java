// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import java.util.function.IntPredicate;
import lazaret.kernel.KernelEntry.RegisterRead;
import lazaret.kernel.KernelEntry.RegisterWrite;
import lazaret.machine.Access;
import lazaret.machine.Log;
import lazaret.machine.Mmio;
import lazaret.machine.Word;

/** A device's registers as a CPU sees them. Each access is a scheduling point. */
public final class Registers implements Mmio {
    private final Kernel kernel;
    private final Mmio device;
    private final Log log;
    private final long window;
    /** Stands for this object where a cell holds it. */
    private final Word cell;

    Registers(Kernel kernel, Mmio device) {
        this.kernel = kernel;
        this.device = device;
        log = kernel.machine().log();
        window = kernel.newWindow();
        cell = new Word(kernel.machine().undo(), window);
    }

    @Override
    public int read32(int offset) {
        kernel.open();
        kernel.point(Access.MMIO_READ, window | offset);
        orderOwn();
        int value = device.read32(offset);
        if (log.narrates()) {
            log.add(new RegisterRead(offset, value & 0xffff_ffffL));
        }
        kernel.close(value);
        return value;
    }

    /** What was stored before reaches memory first. @kernel writel */
    @Override
    public void write32(int offset, int value) {
        kernel.open();
        kernel.point(Access.MMIO_WRITE, window | offset);
        kernel.orderStores();
        post(offset, Integer.SIZE, value & 0xffff_ffffL);
        kernel.close(0);
    }

    /** As {@link #write32}, in no order with stores to memory. @kernel writel_relaxed */
    public void writeRelaxed32(int offset, int value) {
        kernel.open();
        kernel.point(Access.MMIO_WRITE, window | offset);
        post(offset, Integer.SIZE, value & 0xffff_ffffL);
        kernel.close(0);
    }

    @Override
    public long read64(int offset) {
        kernel.open();
        kernel.point(Access.MMIO_READ, window | offset);
        orderOwn();
        long value = device.read64(offset);
        if (log.narrates()) {
            log.add(new RegisterRead(offset, value));
        }
        kernel.close(value);
        return value;
    }

    /** What was stored before reaches memory first. @kernel writeq */
    @Override
    public void write64(int offset, long value) {
        kernel.open();
        kernel.point(Access.MMIO_WRITE, window | offset);
        kernel.orderStores();
        post(offset, Long.SIZE, value);
        kernel.close(0);
    }

    /** A write reaches the device. */
    void arrive(int offset, int bits, long value) {
        if (log.narrates()) {
            log.add(new RegisterWrite(offset, value));
        }
        if (bits == Integer.SIZE) {
            device.write32(offset, (int) value);
        } else {
            device.write64(offset, value);
        }
    }

    private void post(int offset, int bits, long value) {
        StoreBuffer buffer = kernel.storeBuffer();
        if (buffer == null) {
            arrive(offset, bits, value);
        } else {
            String by = kernel.machine().strands().current().name();
            buffer.add(new StoreBuffer.ToRegister(this, offset, bits, value, by));
        }
    }

    /** A device sees the accesses of one CPU in their order. */
    private void orderOwn() {
        StoreBuffer buffer = kernel.storeBuffer();
        if (buffer != null) {
            buffer.drain(this);
        }
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
