// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import java.util.function.Supplier;
import lazaret.iommu.Iommu;
import lazaret.kernel.Errno;
import lazaret.kernel.Kernel;
import lazaret.kernel.Level;
import lazaret.pcie.Config;
import lazaret.pcie.Config.AfCap;
import lazaret.pcie.Config.CxlPortCap;
import lazaret.pcie.Config.ExpressCap;
import lazaret.pcie.Config.PmCap;

/**
 * How each method resets one function. Each of them brackets the reset itself, and nothing but it, with the
 * IOMMU's prepare and done; a method that uses another one nests.
 */
final class FunctionResets {
    /** Microseconds in a millisecond. */
    private static final long MS = 1000;
    /** A function may be silent this long after an FLR. */
    private static final int FLR_MS = 100;
    /** A function may be silent this long when its power state changes. */
    private static final int D3_MS = 10;
    /** How long to wait for a function to come back. @kernel PCIE_RESET_READY_POLL_MS */
    private static final int READY_MS = 60_000;
    /** Waiting longer than this is worth a line. @kernel PCI_RESET_WAIT */
    private static final int TALK_MS = 1000;
    private static final int PENDING_POLLS = 4;

    private final PciReset pci;
    private final Iommu core;
    private final Kernel kernel;

    FunctionResets(PciReset pci, Iommu core) {
        this.pci = pci;
        this.core = core;
        kernel = core.kernel();
    }

    /** ENOTTY: another method may be tried. */
    Errno by(ResetMethod method, PciDev dev) {
        return switch (method) {
            case DEVICE_SPECIFIC -> own(dev, "device specific reset", dev.quirk());
            case ACPI -> own(dev, "ACPI _RST", dev.firmware());
            case FLR -> flr(dev);
            case AF_FLR -> afFlr(dev);
            case PM -> pm(dev);
            case BUS -> bus(dev);
            case CXL_BUS -> cxlBus(dev);
        };
    }

    /**
     * (1) announce. (2) the reset. (3) report how it went, on every path after (1).
     *
     * @req R31 R32 R102 R106
     */
    private Errno bracketed(PciDev dev, Supplier<Errno> reset) {
        Errno err = kernel.forgets().one(() -> core.resetPrepare(dev));
        if (err.failed()) {
            dev.printk(Level.ERR, "failed to stop IOMMU for a PCI reset: " + err);
            return err;
        }
        Errno result = reset.get();
        core.resetDone(dev, result);
        return result;
    }

    /** What it contains may be bracketed too. @kernel pci_dev_specific_reset pci_dev_acpi_reset @req R105 */
    private Errno own(PciDev dev, String what, OwnReset reset) {
        return bracketed(dev, () -> kernel.faults().callbackFails(what + " of " + dev.name())
                ? Errno.ENOTTY : reset.reset(pci, dev));
    }

    /**
     * A function level reset, after its transactions have ended.
     *
     * @kernel pcie_flr
     * @req R103 R113
     */
    Errno flr(PciDev dev) {
        if (!dev.present()) {
            dev.printk(Level.WARN, "does not answer, no FLR");
            return Errno.ENOTTY;
        }
        int express = dev.caps().express();
        letEnd(dev, express + ExpressCap.DEVSTA, (int) ExpressCap.TRPND.mask(), "function level");
        return bracketed(dev, () -> {
            int devctl = express + ExpressCap.DEVCTL;
            dev.config().write16(devctl, (int) ExpressCap.BCR_FLR.put(dev.config().read16(devctl), 1));
            kernel.msleep(FLR_MS * MS);
            return ready(dev, "FLR");
        });
    }

    /** @kernel pci_af_flr @req R103 R113 */
    private Errno afFlr(PciDev dev) {
        if (!dev.present()) {
            dev.printk(Level.WARN, "does not answer, no AF FLR");
            return Errno.ENOTTY;
        }
        int control = dev.caps().af() + AfCap.CTRL;
        letEnd(dev, control, (int) AfCap.TP.mask() << 8, "AF function level");
        return bracketed(dev, () -> {
            dev.config().write16(control, (int) AfCap.INITIATE_FLR.prep(true));
            kernel.msleep(FLR_MS * MS);
            return ready(dev, "AF_FLR");
        });
    }

    /** To D3hot and back to D0, which is a reset where a soft one is not ruled out. @kernel pci_pm_reset */
    private Errno pm(PciDev dev) {
        int at = dev.caps().pm() + PmCap.PMCSR;
        int now = dev.config().read16(at);
        if (PmCap.POWER_STATE.get(now) != PmCap.D0) {
            return Errno.EINVAL;
        }
        return bracketed(dev, () -> {
            dev.config().write16(at, (int) PmCap.POWER_STATE.put(now, PmCap.D3_HOT));
            kernel.msleep(D3_MS * MS);
            dev.config().write16(at, (int) PmCap.POWER_STATE.put(now, PmCap.D0));
            kernel.msleep(D3_MS * MS);
            return ready(dev, "PM D3hot->D0");
        });
    }

    /** The bus or slot of a function that has it for itself. @kernel pci_reset_bus_function */
    private Errno bus(PciDev dev) {
        return bracketed(dev, () -> {
            dev.above().resetSlot();
            return ready(dev, "bus reset");
        });
    }

    /**
     * As {@link #bus}, which it contains; the port lets the reset through meanwhile.
     *
     * @kernel cxl_reset_bus_function
     * @req R105
     */
    private Errno cxlBus(PciDev dev) {
        return bracketed(dev, () -> {
            PciBridge port = dev.above();
            int at = port.cxl() + CxlPortCap.CTL;
            int before = port.config().read16(at);
            port.config().write16(at, (int) CxlPortCap.UNMASK_SBR.put(before, 1));
            Errno result = bus(dev);
            port.config().write16(at, before);
            return result;
        });
    }

    /** Says so if transactions of the function do not end; it is reset anyway. */
    private void letEnd(PciDev dev, int register, int pending, String what) {
        if (!kernel.forgets().test(() -> waitForPending(dev, register, pending))) {
            dev.printk(Level.ERR, "timed out waiting for pending transaction; performing " + what
                    + " reset anyway");
        }
    }

    /** @kernel pci_wait_for_pending */
    private boolean waitForPending(PciDev dev, int register, int pending) {
        for (int poll = 0; poll < PENDING_POLLS; poll++) {
            if (poll > 0) {
                kernel.msleep((100L << poll - 1) * MS);
            }
            if ((dev.config().read16(register) & pending) == 0) {
                return true;
            }
        }
        return false;
    }

    private Errno ready(PciDev dev, String what) {
        return kernel.forgets().one(() -> waitReady(dev, what));
    }

    /** Waits twice as long each time, in total no longer than the limit. @kernel pci_dev_wait */
    Errno waitReady(PciDev dev, String what) {
        if (kernel.faults().callbackFails(what + " of " + dev.name())) {
            return Errno.ENOTTY;
        }
        int delay = 1;
        while (dev.config().read16(Config.COMMAND) == 0xffff) {
            if (dev.disconnected()) {
                return Errno.ENOTTY;
            }
            if (delay > READY_MS) {
                dev.printk(Level.WARN, "not ready " + (delay - 1) + "ms after " + what + "; giving up");
                return Errno.ENOTTY;
            }
            if (delay > TALK_MS) {
                dev.printk(Level.INFO, "not ready " + (delay - 1) + "ms after " + what + "; waiting");
            }
            kernel.msleep(delay * MS);
            delay *= 2;
        }
        if (delay > TALK_MS) {
            dev.printk(Level.INFO, "ready " + (delay - 1) + "ms after " + what);
        }
        return Errno.OK;
    }
}
