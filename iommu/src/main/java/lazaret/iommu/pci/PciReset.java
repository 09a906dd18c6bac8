// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import java.util.ArrayList;
import java.util.List;
import lazaret.iommu.Iommu;
import lazaret.kernel.Errno;
import lazaret.kernel.Held;
import lazaret.kernel.Kernel;
import lazaret.pcie.Config;
import lazaret.pcie.Config.Command;

/**
 * Resets: of one function, by the first method that works; of a bus; and what follows one that nobody
 * ordered. Which methods a function has is found out without touching the IOMMU.
 */
public final class PciReset {
    private final Iommu core;
    private final Kernel kernel;
    private final FunctionResets methods;

    public PciReset(Iommu core) {
        this.core = core;
        kernel = core.kernel();
        methods = new FunctionResets(this, core);
    }

    /**
     * What an operator gets by writing to {@code reset} in sysfs: quiet, saved, reset, restored.
     *
     * @kernel pci_reset_function
     * @req R109 R110 R112
     */
    public Errno function(PciDev dev) {
        if (!canReset(dev)) {
            return Errno.ENOTTY;
        }
        try (Held _ = dev.lock().lock()) {
            return dev.isThere() ? quietly(dev) : Errno.ENODEV;
        }
    }

    /**
     * The same without waiting for who holds the device lock, for callers whom that one may be waiting for.
     *
     * @return EAGAIN if somebody holds it
     * @kernel pci_try_reset_function
     */
    public Errno tryFunction(PciDev dev) {
        if (!canReset(dev)) {
            return Errno.ENOTTY;
        }
        try (Held lock = dev.lock().tryLock()) {
            return lock == null ? Errno.EAGAIN : quietly(dev);
        }
    }

    /**
     * The same for a driver that lets go of a function: afterwards its config space is as it was in
     * {@code found}, not as that driver's user left it.
     *
     * @param found null: not known, nothing is put back
     */
    Errno tryFunctionTo(PciDev dev, SavedState found) {
        if (!canReset(dev)) {
            return Errno.ENOTTY;
        }
        try (Held lock = dev.lock().tryLock()) {
            if (lock == null) {
                return Errno.EAGAIN;
            }
            dev.loadState(found);
            Errno err = kernel.forgets().one(() -> functionLocked(dev));
            kernel.forgets().run(dev::restoreState);
            return err;
        }
    }

    private Errno quietly(PciDev dev) {
        kernel.forgets().run(() -> saveAndDisable(dev));
        Errno err = kernel.forgets().one(() -> functionLocked(dev));
        kernel.forgets().run(() -> restore(dev));
        return err;
    }

    /**
     * Resets everything below a port at once, quiet, saved and restored. The IOMMU is not told of it; nor is
     * the slot, which would take it for a device that goes.
     *
     * @param below  all functions there
     * @kernel pci_reset_bus
     * @req R111 R112
     */
    public Errno bus(PciBridge bridge, List<PciDev> below) {
        List<Held> locks = new ArrayList<>();
        for (PciDev dev : below) {
            locks.add(dev.lock().lock());
            saveAndDisable(dev);
        }
        bridge.resetSlot();
        Errno result = Errno.OK;
        for (PciDev dev : below) {
            Errno ready = methods.waitReady(dev, "bus reset");
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
            Errno ready = methods.waitReady(dev, "DPC");
            if (ready.ok()) {
                dev.comeBack();
            }
            return ready;
        }
    }

    /**
     * After a reset of all that is below a port: waits until the first function there answers, if there is
     * one, which is not removed from under this wait. False if it does not answer, or has gone.
     *
     * @kernel pci_bridge_wait_for_secondary_bus
     */
    boolean firstAnswers(PciBridge port, String what) {
        try (Presence there = port.first()) {
            if (there == null) {
                return true;
            }
            boolean answers = kernel.forgets().one(() -> methods.waitReady(there.dev(), what)).ok();
            there.touch();
            return answers;
        }
    }

    /** Is there a method at all? What decides whether a function has {@code reset} in sysfs. */
    public boolean canReset(PciDev dev) {
        return dev.resetMethods().stream().anyMatch(method -> has(dev, method));
    }

    /** Can the function be reset this way? Decided from what was read when it was found. @req R104 */
    public boolean has(PciDev dev, ResetMethod method) {
        return switch (method) {
            case DEVICE_SPECIFIC -> dev.quirk() != null;
            case ACPI -> dev.firmware() != null;
            case FLR -> dev.caps().flr();
            case AF_FLR -> dev.caps().af() != 0;
            case PM -> dev.caps().pm() != 0;
            case BUS -> dev.above() != null && dev.above().alone(dev);
            case CXL_BUS -> dev.above() != null && dev.above().alone(dev) && dev.above().cxl() != 0;
        };
    }

    /**
     * Tries the methods in turn until one works. One that fails leaves the device blocked; the next may still
     * free it.
     *
     * @req R26 R107
     */
    private Errno functionLocked(PciDev dev) {
        for (ResetMethod method : dev.resetMethods()) {
            Errno err = has(dev, method) ? methods.by(method, dev) : Errno.ENOTTY;
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

    /** A function level reset of one that is in nobody else's hands; also for devices' own resets. */
    public Errno flr(PciDev dev) {
        return methods.flr(dev);
    }
}
