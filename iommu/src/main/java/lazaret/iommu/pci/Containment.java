// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import lazaret.kernel.Kernel;
import lazaret.pcie.Config.DpcCap;
import lazaret.pcie.ConfigSpace;

/**
 * Containment of a port, ordered by software: the link goes down, and nothing passes from below until it is
 * released. What had passed before is beyond its reach once the port is no longer busy with it.
 */
record Containment(Kernel kernel, ConfigSpace port, int at) {
    private static final int POLLS = 100;
    private static final int POLL_US = 10;

    /** Null if the port cannot. */
    static Containment of(Kernel kernel, ConfigSpace port) {
        int at = Capabilities.findExt(port, DpcCap.ID);
        boolean can = at != 0 && DpcCap.SW_TRIGGER.test(port.read16(at + DpcCap.CAP));
        return can ? new Containment(kernel, port, at) : null;
    }

    /** Says whether the port is contained and has nothing more on its way. */
    boolean trigger() {
        if (!DpcCap.TRIGGER.test(port.read16(at + DpcCap.STATUS))) {
            int control = port.read16(at + DpcCap.CTL);
            port.write16(at + DpcCap.CTL, (int) DpcCap.TRIGGER_NOW.put(control, 1));
        }
        for (int i = 0; i < POLLS; i++) {
            int status = port.read16(at + DpcCap.STATUS);
            if (DpcCap.TRIGGER.test(status) && !DpcCap.RP_BUSY.test(status)) {
                return true;
            }
            kernel.udelay(POLL_US);
        }
        return false;
    }
}
