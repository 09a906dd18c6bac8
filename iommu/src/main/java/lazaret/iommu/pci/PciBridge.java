// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import lazaret.kernel.Guarded;
import lazaret.kernel.Held;
import lazaret.kernel.Kernel;
import lazaret.kernel.Lifetime;
import lazaret.kernel.Mutex;
import lazaret.machine.Ref;
import lazaret.pcie.Config;
import lazaret.pcie.Config.BridgeControl;
import lazaret.pcie.Config.CxlPortCap;
import lazaret.pcie.Config.ExpressCap;
import lazaret.pcie.ConfigSpace;

/**
 * A port and the bus below it, as the kernel's PCI layer knows them. Lock order: busSem, then device locks,
 * then resetLock.
 *
 * @kernel pci_bus
 */
public final class PciBridge {
    /** Microseconds for which a bus is held in reset. @kernel pci_reset_secondary_bus */
    private static final long HELD_US = 2_000;
    /** Microseconds for which nobody below is asked anything afterwards. */
    private static final long QUIET_US = 100_000;
    private static final int SLOT_EVENTS = (int) (ExpressCap.PDCE.mask() | ExpressCap.DLLSCE.mask());

    private final Kernel kernel;
    private final ConfigSpace config;
    /** Written while functions are found. Whoever was found once counts, present or not. */
    private final Ref<List<PciDev>> below;
    /** Keeps the list of functions. @kernel pci_bus_sem */
    private final Mutex busSem;
    /** Guarded by busSem. Functions that were found and not removed. */
    private final Guarded<List<PciDev>> devices;
    /** Keeps those who look at the link apart from a reset that takes it down. @kernel reset_lock */
    private final Mutex resetLock;

    /** @param config the port's registers as a CPU sees them */
    public PciBridge(Kernel kernel, ConfigSpace config) {
        this.kernel = kernel;
        this.config = config;
        below = new Ref<>(kernel.machine().undo(), List.of());
        busSem = new Mutex(kernel, "pci_bus_sem");
        Lifetime forever = new Lifetime(kernel, "pci_bus");
        devices = new Guarded<>(kernel, "pci_bus.devices", busSem, forever, List.of());
        resetLock = new Mutex(kernel, "reset_lock");
    }

    Kernel kernel() {
        return kernel;
    }

    Mutex resetLock() {
        return resetLock;
    }

    ConfigSpace config() {
        return config;
    }

    void found(PciDev dev) {
        List<PciDev> more = new ArrayList<>(below.get());
        more.add(dev);
        below.set(List.copyOf(more));
    }

    /** Everybody whose place is here, present or not. */
    List<PciDev> places() {
        return below.get();
    }

    /** Who is here now. Whoever goes on using them has to see to it that they stay. */
    List<PciDev> present() {
        try (Held _ = busSem.lock()) {
            return devices.get();
        }
    }

    /** For each function here; none is removed meanwhile. @kernel pci_walk_bus */
    void walk(Consumer<PciDev> each) {
        try (Held _ = busSem.lock()) {
            devices.get().forEach(each);
        }
    }

    void enters(PciDev dev) {
        try (Held _ = busSem.lock()) {
            List<PciDev> more = new ArrayList<>(devices.get());
            more.add(dev);
            devices.set(List.copyOf(more));
        }
    }

    void leaves(PciDev dev) {
        try (Held _ = busSem.lock()) {
            List<PciDev> fewer = new ArrayList<>(devices.get());
            fewer.remove(dev);
            devices.set(List.copyOf(fewer));
        }
    }

    /** The first function here with a reference to it, or null. */
    Presence first() {
        try (Held _ = busSem.lock()) {
            Presence one = devices.get().isEmpty() ? null : devices.get().getFirst().presence();
            return one == null ? null : one.get();
        }
    }

    /** Is nobody else on the bus, so that a reset of the bus is one of the function? */
    boolean alone(PciDev dev) {
        return below.get().equals(List.of(dev));
    }

    /** Where the port says that it is one of CXL, or 0. @kernel cxl_port_dvsec */
    int cxl() {
        return Capabilities.findDvsec(config, CxlPortCap.VENDOR, CxlPortCap.ID);
    }

    /** Sets the bus back and lets it settle. @kernel pci_bridge_secondary_bus_reset */
    void resetBus() {
        int control = config.read16(Config.BRIDGE_CONTROL);
        config.write16(Config.BRIDGE_CONTROL, (int) BridgeControl.SBR.put(control, 1));
        kernel.msleep(HELD_US);
        config.write16(Config.BRIDGE_CONTROL, (int) BridgeControl.SBR.put(control, 0));
        kernel.msleep(QUIET_US);
    }

    /**
     * As {@link #resetBus}; a slot keeps silent about it, so that nobody takes our own reset for a function
     * that goes.
     *
     * @kernel pciehp_reset_slot
     * @req R112
     */
    void resetSlot() {
        int express = Capabilities.find(config, ExpressCap.ID);
        int slot = express == 0 ? 0 : config.read16(express + ExpressCap.SLTCTL);
        if (!ExpressCap.HPIE.test(slot)) {
            resetBus();
            return;
        }
        try (Held _ = resetLock.lock()) {
            config.write16(express + ExpressCap.SLTCTL, slot & ~SLOT_EVENTS);
            resetBus();
            config.write16(express + ExpressCap.SLTSTA,
                    (int) (ExpressCap.PDC.mask() | ExpressCap.DLLSC.mask()));
            config.write16(express + ExpressCap.SLTCTL, slot);
        }
    }
}
