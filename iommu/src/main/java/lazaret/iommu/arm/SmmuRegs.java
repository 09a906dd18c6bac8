// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.HexFormat;
import lazaret.kernel.Errno;
import lazaret.kernel.Kernel;
import lazaret.kernel.Registers;
import lazaret.machine.Mmio;
import lazaret.smmuv3.Gbpa;
import lazaret.smmuv3.Reg;

/** The registers of one SMMU as a CPU sees them. */
final class SmmuRegs {
    private static final long ACK_LIMIT_US = 1_000_000;

    private final Kernel kernel;
    private final Registers cpu;
    private final Mmio raw;

    SmmuRegs(Kernel kernel, Mmio raw) {
        this.kernel = kernel;
        this.raw = raw;
        cpu = kernel.mmio(raw);
    }

    int read(Reg reg) {
        return cpu.read32(reg.offset());
    }

    void write(Reg reg, int value) {
        cpu.write32(reg.offset(), value);
    }

    /** In no order with stores to memory. */
    void writeRelaxed(Reg reg, int value) {
        cpu.writeRelaxed32(reg.offset(), value);
    }

    void write64(Reg reg, long value) {
        cpu.write64(reg.offset(), value);
    }

    /** What a register shows, for conditions that are waited for: no scheduling point. */
    int peek(Reg reg) {
        return raw.read32(reg.offset());
    }

    /**
     * Writes and waits until the register that acknowledges shows the same.
     *
     * @kernel arm_smmu_write_reg_sync
     */
    Errno writeSync(Reg reg, Reg ack, int value) {
        write(reg, value);
        return kernel.poll(() -> peek(ack) == value, ACK_LIMIT_US) ? Errno.OK : Errno.ETIMEDOUT;
    }

    /** From now on nothing passes while the SMMU is off. Says whether hardware confirmed it. */
    boolean abortWhenOff() {
        write(Reg.GBPA, read(Reg.GBPA) | (int) (Gbpa.ABORT.mask() | Gbpa.UPDATE.mask()));
        return kernel.poll(() -> !Gbpa.UPDATE.test(peek(Reg.GBPA)), ACK_LIMIT_US);
    }

    /** Eight hexadecimal digits. */
    static String hex(int value) {
        return "0x" + HexFormat.of().toHexDigits(value);
    }
}
