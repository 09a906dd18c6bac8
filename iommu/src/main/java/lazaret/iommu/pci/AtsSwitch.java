// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import lazaret.kernel.Errno;
import lazaret.kernel.Held;
import lazaret.kernel.Kernel;
import lazaret.kernel.Shared;
import lazaret.kernel.Spinlock;
import lazaret.pcie.Config.AtsCap;
import lazaret.pcie.ConfigSpace;

/**
 * The ATS control of a function, and how software last switched it. The IOMMU driver switches it under locks
 * of its own; a reset that is over puts it back under the device's lock. One spinlock keeps the two apart:
 * without it what is put back may be what the driver has switched off since it was looked at.
 *
 * @req R108
 */
final class AtsSwitch {
    private static final int STU_BASE = 12;

    private final Kernel kernel;
    private final String name;
    private final ConfigSpace config;
    private final Spinlock lock;
    /** Changes under lock, is read without it. The function may have forgotten it in a reset. */
    private final Shared enabled;
    /** As enabled: the STU that went with it. */
    private final Shared stu;

    AtsSwitch(Kernel kernel, String name, ConfigSpace config) {
        this.kernel = kernel;
        this.name = name;
        this.config = config;
        lock = new Spinlock(kernel, "ats_lock");
        enabled = new Shared(kernel, name + " ats_enabled", 0);
        stu = new Shared(kernel, name + " ats_stu", 0);
    }

    /** The function was just found, and nobody else knows it. */
    void found() {
        enabled.writeOnce(0);
    }

    boolean enabled() {
        return enabled.readOnce() != 0;
    }

    /** Would {@link #enable} do it? Takes no lock: for its owner alone. */
    Errno check(int control, int pageShift) {
        boolean can = control != 0 && pageShift >= STU_BASE;
        return !can ? Errno.EINVAL : enabled.peek() != 0 ? Errno.EBUSY : Errno.OK;
    }

    /**
     * @param control   where its ATS control is; 0: it has none
     * @param pageShift as {@link PciDev#enableAts} has it
     */
    Errno enable(int control, int pageShift) {
        if (control == 0 || pageShift < STU_BASE) {
            return Errno.EINVAL;
        }
        try (Held _ = lock.irqsave()) {
            if (kernel.warnOn(enabled(), name + " ATS enabled twice")) {
                return Errno.EBUSY;
            }
            stu.writeOnce(pageShift - STU_BASE);
            write(control);
            enabled.writeOnce(1);
            return Errno.OK;
        }
    }

    void disable(int control) {
        try (Held _ = lock.irqsave()) {
            if (enabled()) {
                config.write16(control, (int) AtsCap.ENABLE.put(config.read16(control), 0));
                enabled.writeOnce(0);
            }
        }
    }

    /** A reset is over: the function has it again as software has it switched now. */
    void restore(int control) {
        try (Held _ = lock.irqsave()) {
            if (enabled()) {
                write(control);
            }
        }
    }

    private void write(int control) {
        config.write16(control, (int) (AtsCap.ENABLE.prep(true) | AtsCap.STU.prep(stu.readOnce())));
    }
}
