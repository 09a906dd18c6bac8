// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import java.util.List;
import lazaret.iommu.Device;
import lazaret.iommu.Fwspec;
import lazaret.iommu.Iommu;
import lazaret.kernel.Errno;
import lazaret.kernel.Guarded;
import lazaret.kernel.Held;
import lazaret.kernel.Level;
import lazaret.kernel.Lifetime;
import lazaret.kernel.Mutex;
import lazaret.kernel.Shared;
import lazaret.machine.Ref;
import lazaret.machine.Word;
import lazaret.pcie.Bdf;
import lazaret.pcie.Config;
import lazaret.pcie.Config.AtsCap;
import lazaret.pcie.Config.Command;
import lazaret.pcie.Config.ExpressCap;
import lazaret.pcie.Config.PasidCap;
import lazaret.pcie.Config.PriCap;
import lazaret.pcie.ConfigSpace;

/**
 * A PCIe function as the kernel's PCI layer knows it. Lock order: lock, then what the IOMMU core takes.
 *
 * @kernel pci_dev
 */
public final class PciDev extends Device {
    /** What is read where nobody answers. */
    private static final int NOTHING = 0xffff;

    private final Bdf bdf;
    /** Null: it is no virtual function. */
    private final PciDev physical;
    private final ConfigSpace config;
    private final Mutex lock;
    /** Written by add, before anybody else knows the function. */
    private final Ref<Capabilities> caps;
    private final AtsSwitch ats;
    /** Written before anybody else knows the function. Not 0: it has to have ATS, whatever its domain. */
    private final Word atsAlways;
    /** Of itself: whoever learns first that the function is gone sets it. @kernel PCI_DEV_DISCONNECTED */
    private final Shared disconnected;
    /** Written before anybody else knows the function. Null: none that software knows of. */
    private final Ref<PciBridge> above;
    /** As above. Null: the port above cannot be contained. */
    private final Ref<Containment> port;
    /** As above. Null: it has no virtual functions. */
    private final Ref<Sriov> sriov;
    /** Which methods may be tried, in this order. Written while nobody resets. */
    private final Ref<List<ResetMethod>> resetMethods;
    /** Written before anybody else knows the function. Null: there is none. */
    private final Ref<OwnReset> quirk;
    /** As quirk. */
    private final Ref<OwnReset> firmware;
    /** Written by whoever adds or removes it. Null while it is not there. */
    private final Ref<Presence> presence;
    /** As quirk: the driver that takes it when it is found. */
    private final Ref<PciDriver> wanted;
    /** Guarded by lock. */
    private final Guarded<PciDriver> driver;
    /** Guarded by lock. Null when there is nothing to restore. */
    private final Guarded<SavedState> saved;

    /**
     * @param config the function's registers as hardware offers them; {@link #config()} is how a CPU sees
     *               them
     */
    public PciDev(Iommu core, Bdf bdf, ConfigSpace config, Fwspec fwspec) {
        this(core, bdf, config, fwspec, null);
    }

    /** A virtual function of {@code physical}, or no virtual one if that is null. */
    public PciDev(Iommu core, Bdf bdf, ConfigSpace config, Fwspec fwspec, PciDev physical) {
        super(core, "0000:" + bdf, fwspec);
        this.bdf = bdf;
        this.physical = physical;
        this.config = new CpuConfig(core.kernel(), bdf.rid(), config);
        lock = new Mutex(core.kernel(), physical == null ? "device_lock" : "device_lock of a VF");
        sriov = new Ref<>(core.kernel().machine().undo(), null);
        Lifetime life = new Lifetime(core.kernel(), name() + " pci_dev");
        caps = new Ref<>(core.kernel().machine().undo(), Capabilities.NONE);
        ats = new AtsSwitch(core.kernel(), name(), this.config);
        atsAlways = new Word(core.kernel().machine().undo());
        disconnected = new Shared(core.kernel(), name() + " disconnected", 0);
        above = new Ref<>(core.kernel().machine().undo(), null);
        port = new Ref<>(core.kernel().machine().undo(), null);
        resetMethods = new Ref<>(core.kernel().machine().undo(), List.of(ResetMethod.values()));
        quirk = new Ref<>(core.kernel().machine().undo(), null);
        firmware = new Ref<>(core.kernel().machine().undo(), null);
        presence = new Ref<>(core.kernel().machine().undo(), null);
        wanted = new Ref<>(core.kernel().machine().undo(), null);
        driver = new Guarded<>(core.kernel(), "pci_dev.driver", lock, life, null);
        saved = new Guarded<>(core.kernel(), "pci_dev.saved_state", lock, life, null);
    }

    public Bdf bdf() {
        return bdf;
    }

    /** Config space; each access is a scheduling point. */
    public ConfigSpace config() {
        return config;
    }

    /** Where the function's capabilities are. */
    Capabilities caps() {
        return caps.get();
    }

    /** Keeps reset, bind, unbind and removal apart. Sleeps. @kernel pci_dev_lock */
    Mutex lock() {
        return lock;
    }

    PciDriver driver() {
        return driver.get();
    }

    // ---- presence

    /** A function that was found: reads its capabilities and hands it to the IOMMU. @kernel pci_device_add */
    public Errno add() {
        if (!present()) {
            return Errno.ENODEV;
        }
        caps.set(Capabilities.of(config));
        ats.found();
        disconnected.writeOnce(0);
        presence.set(new Presence(this));
        if (above() != null) {
            above().enters(this);
        }
        Errno err = core().probeDevice(this);
        if (err.failed()) {
            forget(presence.get());
        }
        return err;
    }

    /**
     * The function goes or has gone: its driver and the IOMMU let go of it.
     *
     * @kernel pci_stop_and_remove_bus_device
     * @req R43 R112
     */
    public void remove() {
        Presence was = presence.get();
        try (Held _ = lock.lock()) {
            if (sriov.get() != null) {
                sriov.get().goes();
            }
            letGo();
            core().releaseDevice(this);
            saved.set(null);
            presence.set(null);
        }
        forget(was);
    }

    /** Nobody finds it any more. The device lock is free: whoever walks the bus takes it. */
    private void forget(Presence was) {
        presence.set(null);
        if (above() != null) {
            above().leaves(this);
        }
        was.close();
    }

    /** Was it found, and not removed since? Whether it answers is another question. */
    public boolean isThere() {
        return presence.get() != null;
    }

    Presence presence() {
        return presence.get();
    }

    /** It has virtual functions. Before anybody else knows the function. */
    void has(Sriov others) {
        sriov.set(others);
    }

    /**
     * Does it answer right now? Asks the function, so this waits for the bus. A virtual one has no vendor of
     * its own, and goes with the physical one.
     *
     * @kernel pci_device_is_present
     * @req R113
     */
    public boolean present() {
        return physical == null ? config.read32(Config.VENDOR_ID) != -1
                : physical.present() && config.read16(Config.COMMAND) != NOTHING;
    }

    /**
     * Somebody learned that it is gone. From now on nobody should wait for it.
     *
     * @kernel pci_dev_set_disconnected
     */
    public void disconnect() {
        disconnected.writeOnce(1);
    }

    /** Was that learned? False says nothing. Any context. @kernel pci_dev_is_disconnected */
    public boolean disconnected() {
        return disconnected.readOnce() != 0;
    }

    /** The function is below this port. Before anybody else knows the function. */
    public void below(PciBridge bridge) {
        above.set(bridge);
        bridge.found(this);
        port.set(Containment.of(kernel(), bridge.config()));
    }

    /** Null if software knows of no port. */
    PciBridge above() {
        return above.get();
    }

    /** The port above lets nothing pass any more, from anybody. Says whether it does so. Any context. */
    public boolean containedByPort() {
        return port.get() != null && port.get().trigger();
    }

    // ---- driver

    /** This driver takes it whenever it is found again. */
    public void wants(PciDriver next) {
        wanted.set(next);
    }

    /** Null: none. */
    PciDriver wanted() {
        return wanted.get();
    }

    /** @kernel device_driver_attach */
    public Errno bind(PciDriver next) {
        try (Held _ = lock.lock()) {
            if (driver.get() != null) {
                return Errno.EBUSY;
            }
            Errno err = next.driverManagedDma() ? Errno.OK : core().useDefaultDomain(this);
            if (err.failed()) {
                return err;
            }
            driver.set(next);
            err = kernel().faults().callbackFails("probe by " + next.name()) ? Errno.ENOMEM
                    : next.probe(this);
            if (err.failed()) {
                driver.set(null);
                unuse(next);
            }
            return err;
        }
    }

    /** @kernel device_release_driver @req R110 */
    public void unbind() {
        try (Held _ = lock.lock()) {
            letGo();
        }
    }

    private void letGo() {
        PciDriver old = driver.get();
        if (old != null) {
            old.remove(this);
            driver.set(null);
            unuse(old);
        }
    }

    private void unuse(PciDriver old) {
        if (!old.driverManagedDma()) {
            core().unuseDefaultDomain(this);
        }
    }

    // ---- resets

    /** What an operator writes to {@code reset_method} in sysfs. @kernel reset_method_store */
    public void resetMethods(ResetMethod... inThisOrder) {
        resetMethods.set(List.of(inThisOrder));
    }

    /** Which may be tried; not which the function has. */
    List<ResetMethod> resetMethods() {
        return resetMethods.get();
    }

    /** Its kind of device is reset in its own way. Before anybody else knows the function. */
    public void quirk(OwnReset reset) {
        quirk.set(reset);
    }

    OwnReset quirk() {
        return quirk.get();
    }

    /** Firmware can reset it. Before anybody else knows the function. */
    public void firmware(OwnReset reset) {
        firmware.set(reset);
    }

    OwnReset firmware() {
        return firmware.get();
    }

    // ---- command

    /** Lets the function issue DMA. @kernel pci_set_master */
    public void setMaster() {
        command(true);
    }

    /** Keeps the function from issuing DMA, if it obeys. @kernel pci_clear_master @req R114 */
    public void clearMaster() {
        command(false);
    }

    private void command(boolean bme) {
        int now = config.read16(Config.COMMAND);
        config.write16(Config.COMMAND, (int) Command.BME.put(now, bme ? 1 : 0));
    }

    // ---- ATS

    @Override
    public boolean atsSupported() {
        return caps.get().ats() != 0;
    }

    /** Its kind of device works with ATS only, even where nothing is translated. Before it is added. */
    public void demandsAts() {
        atsAlways.set(1);
    }

    /** Does it work with ATS only? */
    public boolean atsAlways() {
        return atsAlways.get() != 0;
    }

    /** What software last switched, not what the function does. */
    public boolean atsEnabled() {
        return ats.enabled();
    }

    /**
     * For an IOMMU driver that finds the function: can ATS be switched on later? Switches nothing.
     *
     * @param pageShift as {@link #enableAts} has it
     * @return EINVAL without the capability or for a page below 4 KiB, EBUSY if it is on already
     * @kernel pci_prepare_ats
     * @req R47
     */
    public Errno prepareAts(int pageShift) {
        return ats.check(atsControl(), pageShift);
    }

    /**
     * Lets the function ask for translations.
     *
     * @param pageShift log2 of the smallest page the IOMMU may answer with
     * @return EINVAL without the capability or for a page below 4 KiB, EBUSY if it is on already
     * @kernel pci_enable_ats
     */
    public Errno enableAts(int pageShift) {
        return ats.enable(atsControl(), pageShift);
    }

    /**
     * Any context, by anybody who found the function broken, any number of times.
     *
     * @kernel pci_disable_ats
     * @req R79
     */
    public void disableAts() {
        ats.disable(atsControl());
    }

    /** 0: it has none. */
    private int atsControl() {
        return atsSupported() ? caps().ats() + AtsCap.CTRL : 0;
    }

    // ---- PASID

    /** How many bits its PASIDs can have; 0: it has none. @kernel pci_max_pasids */
    public int pasidWidth() {
        return caps().pasid() == 0 ? 0 : PasidCap.WIDTH.getInt(config.read16(caps().pasid() + PasidCap.CAP));
    }

    /**
     * Lets the function use PASIDs, without the permissions that come with them. ATS has to be off.
     *
     * @kernel pci_enable_pasid
     */
    public Errno enablePasid() {
        if (kernel().warnOn(atsEnabled(), name() + " PASID enabled while ATS is on")) {
            return Errno.EINVAL;
        }
        config.write16(caps().pasid() + PasidCap.CTRL, (int) PasidCap.ENABLE.prep(true));
        return Errno.OK;
    }

    /** ATS is off. @kernel pci_disable_pasid */
    public void disablePasid() {
        config.write16(caps().pasid() + PasidCap.CTRL, 0);
    }

    // ---- PRI

    /** Lets the function ask for pages, if it can; so many at once. @kernel pci_enable_pri */
    public void enablePri(int requests) {
        if (caps().pri() != 0) {
            config.write32(caps().pri() + PriCap.ALLOC_REQ, requests);
            config.write16(caps().pri() + PriCap.CTRL, (int) PriCap.ENABLE.prep(true));
        }
    }

    /** @kernel pci_disable_pri */
    public void disablePri() {
        if (caps().pri() != 0) {
            config.write16(caps().pri() + PriCap.CTRL, 0);
        }
    }

    // ---- what a reset destroys

    /**
     * Remembers config space. A function that does not answer has nothing to remember. With the device lock.
     *
     * @kernel pci_save_state
     */
    public void saveState() {
        saved.set(storeState());
    }

    /** As that, for the caller to keep; null if nothing answers. @kernel pci_store_saved_state */
    SavedState storeState() {
        if (!present()) {
            printk(Level.WARN, "config space does not answer, not saved");
            return null;
        }
        return SavedState.of(config, caps());
    }

    /** What the next {@link #restoreState} puts back. @kernel pci_load_saved_state */
    void loadState(SavedState state) {
        saved.set(state);
    }

    /**
     * Puts back what was saved: PASID, PRI, ATS, then the header with the command register last. ATS comes
     * back as software has it switched now, which the IOMMU driver may have changed since. With the device
     * lock.
     *
     * @kernel pci_restore_state
     * @req R108
     */
    public void restoreState() {
        SavedState state = saved.get();
        if (state == null) {
            return;
        }
        state.restoreExpress(config, caps());
        state.restorePasid(config, caps());
        state.restorePri(config, caps());
        ats.restore(atsControl());
        state.restoreHeader(config);
        if (sriov.get() != null) {
            sriov.get().restore();
        }
        saved.set(null);
    }

    /** After a reset that nobody ordered: as its driver had it. */
    void comeBack() {
        ats.restore(atsControl());
        setMaster();
    }

    @Override
    protected String driverString() {
        PciDriver bound = driver.peek();
        return bound == null ? "pci" : bound.name();
    }
}
