// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import java.util.ArrayList;
import java.util.List;
import lazaret.iommu.Iommu;
import lazaret.kernel.Errno;
import lazaret.kernel.Held;
import lazaret.kernel.Kernel;
import lazaret.kernel.Level;
import lazaret.pcie.Config;
import lazaret.pcie.Config.BridgeControl;
import lazaret.pcie.Config.Command;
import lazaret.pcie.Config.ExpressCap;
import lazaret.pcie.ConfigSpace;

/**
 * Function resets. Each method brackets the reset itself, and nothing but it, with the IOMMU's prepare and
 * done; which methods a function has is found out without touching the IOMMU.
 */
public final class PciReset {
    /** Microseconds in a millisecond. */
    private static final long MS = 1000;
    /** A function may be silent this long after an FLR. */
    private static final int FLR_MS = 100;
    /** How long a bus is held in reset. @kernel pci_reset_secondary_bus */
    private static final int BUS_MS = 2;
    /** How long to wait for a function to come back. @kernel PCIE_RESET_READY_POLL_MS */
    private static final int READY_MS = 60_000;
    /** Waiting longer than this is worth a line. @kernel PCI_RESET_WAIT */
    private static final int TALK_MS = 1000;
    private static final int PENDING_POLLS = 4;

    private final Iommu core;
    private final Kernel kernel;

    public PciReset(Iommu core) {
        this.core = core;
        kernel = core.kernel();
    }

    /**
     * What an operator gets by writing to {@code reset} in sysfs: quiet, saved, reset, restored.
     *
     * @kernel pci_reset_function
     * @req R109 R110 R112
     */
    public Errno function(PciDev dev) {
        if (!has(dev, ResetMethod.FLR)) {
            return Errno.ENOTTY;
        }
        try (Held _ = dev.lock().lock()) {
            kernel.forgets().run(() -> saveAndDisable(dev));
            Errno err = kernel.forgets().one(() -> functionLocked(dev));
            kernel.forgets().run(() -> restore(dev));
            return err;
        }
    }

    /**
     * Resets everything below a port at once, quiet, saved and restored. The IOMMU is not told of it.
     *
     * @param bridge config space of the port
     * @param below  all functions there
     * @kernel pci_reset_bus
     * @req R111
     */
    public Errno bus(ConfigSpace bridge, List<PciDev> below) {
        List<Held> locks = new ArrayList<>();
        for (PciDev dev : below) {
            locks.add(dev.lock().lock());
            saveAndDisable(dev);
        }
        int control = bridge.read16(Config.BRIDGE_CONTROL);
        bridge.write16(Config.BRIDGE_CONTROL, (int) BridgeControl.SBR.put(control, 1));
        kernel.msleep(BUS_MS * MS);
        bridge.write16(Config.BRIDGE_CONTROL, (int) BridgeControl.SBR.put(control, 0));
        kernel.msleep(FLR_MS * MS);
        Errno result = Errno.OK;
        for (PciDev dev : below) {
            Errno ready = waitReady(dev, "bus reset");
            result = ready.failed() ? ready : result;
            restore(dev);
        }
        locks.reversed().forEach(Held::close);
        return result;
    }

    /**
     * A function came back after containment: what its driver does to use it again.
     *
     * @kernel pci_error_handlers
     */
    public Errno recovered(PciDev dev) {
        try (Held _ = dev.lock().lock()) {
            Errno ready = waitReady(dev, "DPC");
            if (ready.ok()) {
                dev.comeBack();
            }
            return ready;
        }
    }

    /** Can the function be reset this way? Decided from what was read when it was found. @req R104 */
    public boolean has(PciDev dev, ResetMethod method) {
        return switch (method) {
            case FLR -> dev.caps().flr();
        };
    }

    /**
     * Tries the methods in turn until one works. One that fails leaves the device blocked; the next may still
     * free it.
     *
     * @req R26 R107
     */
    private Errno functionLocked(PciDev dev) {
        for (ResetMethod method : ResetMethod.values()) {
            Errno err = !has(dev, method) ? Errno.ENOTTY : switch (method) {
                case FLR -> flr(dev);
            };
            if (err != Errno.ENOTTY) {
                return err;
            }
        }
        return Errno.ENOTTY;
    }

    /** @kernel pci_dev_save_and_disable */
    private static void saveAndDisable(PciDev dev) {
        PciDriver driver = dev.driver();
        if (driver != null) {
            driver.resetPrepare(dev);
        }
        dev.saveState();
        dev.config().write16(Config.COMMAND, (int) Command.INTX_DIS.prep(true));
    }

    /** @kernel pci_dev_restore */
    private static void restore(PciDev dev) {
        dev.restoreState();
        PciDriver driver = dev.driver();
        if (driver != null) {
            driver.resetDone(dev);
        }
    }

    /**
     * A function level reset. (1) let pending transactions end. (2) announce. (3) trigger. (4) wait until the
     * function is ready. (5) report how it went, on every path after (2).
     *
     * @kernel pcie_flr
     * @req R31 R32 R102 R103 R106 R113
     */
    public Errno flr(PciDev dev) {
        if (!dev.present()) {
            dev.printk(Level.WARN, "does not answer, no FLR");
            return Errno.ENOTTY;
        }
        if (!kernel.forgets().test(() -> waitForPendingTransaction(dev))) {
            dev.printk(Level.ERR, "timed out waiting for pending transaction; "
                    + "performing function level reset anyway");
        }
        Errno err = kernel.forgets().one(() -> core.resetPrepare(dev));
        if (err.failed()) {
            dev.printk(Level.ERR, "failed to stop IOMMU for a PCI reset: " + err);
            return err;
        }
        int devctl = dev.caps().express() + ExpressCap.DEVCTL;
        dev.config().write16(devctl, (int) ExpressCap.BCR_FLR.put(dev.config().read16(devctl), 1));
        kernel.msleep(FLR_MS * MS);
        Errno ready = kernel.forgets().one(() -> waitReady(dev, "FLR"));
        core.resetDone(dev, ready);
        return ready;
    }

    /** @kernel pci_wait_for_pending_transaction */
    private boolean waitForPendingTransaction(PciDev dev) {
        for (int poll = 0; poll < PENDING_POLLS; poll++) {
            if (poll > 0) {
                kernel.msleep((100L << poll - 1) * MS);
            }
            if (!ExpressCap.TRPND.test(dev.config().read16(dev.caps().express() + ExpressCap.DEVSTA))) {
                return true;
            }
        }
        return false;
    }

    /** Waits twice as long each time, in total no longer than the limit. @kernel pci_dev_wait */
    private Errno waitReady(PciDev dev, String what) {
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
