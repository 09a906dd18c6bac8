// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import java.util.ArrayList;
import java.util.List;
import lazaret.kernel.Errno;
import lazaret.kernel.Guarded;
import lazaret.kernel.Held;
import lazaret.kernel.Kernel;
import lazaret.kernel.Lifetime;
import lazaret.machine.Ref;
import lazaret.machine.Unmodelled;
import lazaret.pcie.Config.SriovCap;

/**
 * The virtual functions of a physical one. To the IOMMU each is a device of its own: the reset of the
 * physical one is announced for that one alone, and takes the others with it; what is flushed there meanwhile
 * times out and is contained; whoever uses one of them resets it afterwards. Lock order: that of
 * {@link PciTree}, then the device lock of the physical function, then those of the virtual ones.
 *
 * @kernel pci_sriov
 * @req R35
 */
public final class Sriov {
    private static final long SETTLE_US = 100_000;
    private static final long READY_US = 1_000_000;

    private final PciDev physical;
    private final PciTree tree;
    private final Kernel kernel;
    private final int at;
    /** Written while functions are wired. */
    private final Ref<List<PciDev>> virtual;
    /** Guarded by the lock of the physical function: are they there, as far as software knows? */
    private final Guarded<Boolean> enabled;

    /** Of a function that was found and has the capability. */
    public Sriov(PciDev physical, PciTree tree) {
        this.physical = physical;
        this.tree = tree;
        kernel = physical.kernel();
        at = Capabilities.findExt(physical.config(), SriovCap.ID);
        virtual = new Ref<>(kernel.machine().undo(), List.of());
        Lifetime forever = new Lifetime(kernel, physical.name() + " sriov");
        enabled = new Guarded<>(kernel, "sriov.num_VFs", physical.lock(), forever, false);
        physical.has(this);
    }

    /** Before anybody else knows of it. */
    public void add(PciDev one) {
        List<PciDev> more = new ArrayList<>(virtual.get());
        more.add(one);
        virtual.set(List.copyOf(more));
    }

    /**
     * What an operator gets by writing their number to {@code sriov_numvfs} in sysfs.
     *
     * @return EBUSY if they are there, ENODEV if the physical one is not, or one of them does not come
     * @kernel sriov_enable
     */
    public Errno enable() {
        try (Held _ = tree.lock(); Held _ = physical.lock().lock()) {
            if (enabled.get()) {
                return Errno.EBUSY;
            }
            if (!physical.isThere()) {
                return Errno.ENODEV;
            }
            come();
            virtual.get().forEach(tree::comes);
            enabled.set(true);
            return virtual.get().stream().allMatch(PciDev::isThere) ? Errno.OK : Errno.ENODEV;
        }
    }

    /**
     * What he gets by writing 0: they are removed, whatever state they are in, then switched off. Cannot
     * fail.
     *
     * @kernel sriov_disable
     * @req R115
     */
    public void disable() {
        try (Held _ = tree.lock(); Held _ = physical.lock().lock()) {
            if (!enabled.get()) {
                return;
            }
            virtual.get().stream().filter(PciDev::isThere).forEach(tree::goes);
            physical.config().write16(at + SriovCap.CTRL, 0);
            kernel.msleep(SETTLE_US);
            enabled.set(false);
        }
    }

    /**
     * The physical function was reset, which took them away: they come again, as after power-up.
     *
     * @kernel sriov_restore_state
     */
    void restore() {
        if (enabled.get()) {
            come();
        }
    }

    /** No longer than they are allowed to be silent. */
    private void come() {
        physical.config().write16(at + SriovCap.CTRL, (int) SriovCap.VF_ENABLE.mask());
        for (long us = 0; us < READY_US; us += SETTLE_US) {
            kernel.msleep(SETTLE_US);
            if (virtual.get().stream().allMatch(PciDev::present)) {
                return;
            }
        }
    }

    /** The physical function is about to go. */
    void goes() {
        if (enabled.get()) {
            throw kernel.machine().strands().broken(
                    new Unmodelled("the removal of a physical function with its virtual ones"));
        }
    }
}
