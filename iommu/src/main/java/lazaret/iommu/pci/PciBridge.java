// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import java.util.ArrayList;
import java.util.List;
import lazaret.kernel.Kernel;
import lazaret.machine.Ref;
import lazaret.pcie.Config;
import lazaret.pcie.Config.BridgeControl;
import lazaret.pcie.Config.CxlPortCap;
import lazaret.pcie.Config.ExpressCap;
import lazaret.pcie.ConfigSpace;

/** A port and the bus below it, as the kernel's PCI layer knows them. @kernel pci_bus */
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

    /** @param config the port's registers as a CPU sees them */
    public PciBridge(Kernel kernel, ConfigSpace config) {
        this.kernel = kernel;
        this.config = config;
        below = new Ref<>(kernel.machine().undo(), List.of());
    }

    ConfigSpace config() {
        return config;
    }

    void found(PciDev dev) {
        List<PciDev> more = new ArrayList<>(below.get());
        more.add(dev);
        below.set(List.copyOf(more));
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
        config.write16(express + ExpressCap.SLTCTL, slot & ~SLOT_EVENTS);
        resetBus();
        config.write16(express + ExpressCap.SLTSTA,
                (int) (ExpressCap.PDC.mask() | ExpressCap.DLLSC.mask()));
        config.write16(express + ExpressCap.SLTCTL, slot);
    }
}
