// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.List;
import lazaret.pcie.Config;
import lazaret.pcie.Config.AtsCap;
import lazaret.pcie.Config.PasidCap;
import lazaret.pcie.ConfigSpace;

/** A function that is config space with two capabilities, ATS and PASID. */
final class AtsFunction implements ConfigSpace {
    static final int ATS = 0x100;
    static final int PASID = 0x110;

    private final int[] regs = new int[Config.SIZE / 4];
    private final List<String> trace;

    /** @param trace where it notes when it is switched */
    AtsFunction(List<String> trace) {
        this.trace = trace;
        regs[0] = 0x1234_8086;
        regs[ATS / 4] = PASID << 20 | 1 << 16 | AtsCap.ID;
        regs[PASID / 4] = 1 << 16 | PasidCap.ID;
        regs[PASID / 4 + 1] = (int) PasidCap.WIDTH.prep(20);
    }

    boolean atsOn() {
        return AtsCap.ENABLE.test(read16(ATS + AtsCap.CTRL));
    }

    boolean pasidOn() {
        return PasidCap.ENABLE.test(read16(PASID + PasidCap.CTRL));
    }

    @Override
    public int read32(int offset) {
        return regs[offset / 4];
    }

    @Override
    public void write32(int offset, int value) {
        boolean was = atsOn();
        boolean had = pasidOn();
        regs[offset / 4] = value;
        if (had != pasidOn()) {
            trace.add(pasidOn() ? "PASID on" : "PASID off");
        }
        if (was != atsOn()) {
            trace.add(atsOn() ? "ATS on" : "ATS off");
        }
    }

    @Override
    public void write16(int offset, int value) {
        int shift = (offset & 2) * 8;
        write32(offset & ~3, regs[offset / 4] & ~(0xffff << shift) | (value & 0xffff) << shift);
    }
}
