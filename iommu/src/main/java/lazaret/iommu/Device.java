// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

import lazaret.kernel.Kernel;
import lazaret.kernel.Level;
import lazaret.machine.Ref;

/**
 * A device, as much of it as the IOMMU core needs; a bus extends it as the kernel's buses embed it.
 *
 * @kernel device
 */
public class Device {
    private final Iommu core;
    private final String name;
    private final Fwspec fwspec;
    /** Written under {@code Iommu.probeLock}. Readers are guaranteed by their caller that no release runs. */
    private final Ref<DevIommu> iommu;
    /** Written under {@code Iommu.probeLock}. Readers as for iommu. */
    private final Ref<Group> group;

    public Device(Iommu core, String name, Fwspec fwspec) {
        this.core = core;
        this.name = name;
        this.fwspec = fwspec;
        iommu = new Ref<>(core.kernel().machine().undo(), null);
        group = new Ref<>(core.kernel().machine().undo(), null);
    }

    public String name() {
        return name;
    }

    public Fwspec fwspec() {
        return fwspec;
    }

    public Iommu core() {
        return core;
    }

    public Kernel kernel() {
        return core.kernel();
    }

    /** Null unless probed. */
    public DevIommu iommu() {
        return iommu.get();
    }

    /** Null unless probed. */
    public Group group() {
        return group.get();
    }

    /** Could ATS ever be on? Only then does a reset concern the IOMMU. @kernel pci_ats_supported */
    public boolean atsSupported() {
        return false;
    }

    /** Does it need mappings that firmware reserved? Then it cannot stay blocked. @kernel require_direct */
    public boolean requiresDirect() {
        return !fwspec.direct().isEmpty();
    }

    /**
     * How the kernel's log names who speaks for the device: its driver, or its bus.
     *
     * @kernel dev_driver_string
     */
    protected String driverString() {
        return "";
    }

    /** A line in the kernel's log about this device. @kernel dev_printk */
    public final void printk(Level level, String text) {
        String who = driverString();
        kernel().printk(level, (who.isEmpty() ? "" : who + " ") + name + ": " + text);
    }

    void iommu(DevIommu next) {
        iommu.set(next);
    }

    void group(Group next) {
        group.set(next);
    }

    @Override
    public String toString() {
        return name;
    }
}
