// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import lazaret.iommu.Device;
import lazaret.iommu.pci.PciDev;
import lazaret.kernel.Errno;
import lazaret.kernel.Guarded;
import lazaret.kernel.GuardedWord;
import lazaret.kernel.Held;
import lazaret.kernel.Kernel;
import lazaret.kernel.Level;
import lazaret.kernel.Lifetime;
import lazaret.kernel.Shared;
import lazaret.kernel.Spinlock;
import lazaret.machine.Word;
import lazaret.smmuv3.Ste;

/** A device behind the SMMU, from probe to release: one stream. @kernel arm_smmu_master @req R45 */
public final class Master {
    /** log2 of the smallest page. */
    private static final int PAGE_SHIFT = 12;

    private final SmmuDevice smmu;
    private final Device dev;
    private final int sid;
    private final Lifetime life;
    /** Written at probe, constant after: where its STE is. */
    private final Word ste;
    /** As ste. Not 0: ATS can be switched on. */
    private final Word ats;
    private final CdTable cds;
    private final Spaces spaces;
    /** Serialises the stores of STE word 1. Any context. */
    private final Spinlock steLock;
    /** Guarded by steLock. */
    private final Guarded<FenceState> fence;
    /** Of itself. Not 0: no ATC_INV is sent to it. Set only once the fence holds. */
    private final Shared muted;
    /** Guarded by attachLock. Is ATS part of how it is attached? */
    private final GuardedWord atsEnabled;
    /** Guarded by attachLock. A reset worked and what follows must prove that the ATC is empty. */
    private final GuardedWord restoring;

    Master(SmmuDevice smmu, Device dev, int sid) {
        this(smmu, dev, sid, 0);
    }

    /** @param pasidBits how many bits of PASID it shall have */
    Master(SmmuDevice smmu, Device dev, int sid, int pasidBits) {
        this.smmu = smmu;
        this.dev = dev;
        this.sid = sid;
        Kernel kernel = smmu.kernel();
        String name = dev.name() + " master";
        life = new Lifetime(kernel, name);
        ste = new Word(kernel.machine().undo());
        ats = new Word(kernel.machine().undo());
        cds = new CdTable(kernel, dev.name() + " cd", pasidBits);
        spaces = new Spaces(kernel, smmu.attachLock(), life);
        steLock = new Spinlock(kernel, "ste_lock");
        fence = new Guarded<>(kernel, "fence", steLock, life, FenceState.NONE);
        muted = new Shared(kernel, name + " muted", 0);
        atsEnabled = new GuardedWord(kernel, "ats_enabled", smmu.attachLock(), life, 0);
        restoring = new GuardedWord(kernel, "restoring", smmu.attachLock(), life, 0);
    }

    public SmmuDevice smmu() {
        return smmu;
    }

    public Device dev() {
        return dev;
    }

    public int sid() {
        return sid;
    }

    Lifetime life() {
        return life;
    }

    /** The PCIe side of it, or null. */
    PciDev pci() {
        return dev instanceof PciDev pci ? pci : null;
    }

    /** Can both ends do ATS, and would nothing speak against it when it is switched on? */
    boolean atsSupported() {
        return ats.get() != 0;
    }

    /**
     * At probe: whatever ATS needs is looked at now. A device that cannot have it does without from here on,
     * and no attach finds out when it is too late to refuse.
     *
     * @kernel arm_smmu_ats_supported
     * @req R47
     */
    void prepareAts() {
        if (!smmu.features().ats() || !dev.atsSupported()) {
            return;
        }
        Errno err = pci().prepareAts(PAGE_SHIFT);
        if (err.failed()) {
            smmu.kernel().printk(Level.WARN, this + ": does without ATS: " + err);
        }
        ats.set(err.ok() ? 1 : 0);
    }

    /** Does it have ATS where nothing is translated, too? Needs descriptors beside the first one. */
    boolean atsAlways() {
        return atsSupported() && pci().atsAlways() && cds.bits() > 0;
    }

    boolean atsEnabled() {
        return atsEnabled.test();
    }

    void atsEnabled(boolean next) {
        atsEnabled.set(next);
    }

    /** A reset worked, and the attach that follows is under way. */
    public boolean restoring() {
        return restoring.test();
    }

    /** A reset worked: the attach that follows has to find its ATC empty, or fails. */
    public void expectEmpty() {
        restoring.set(true);
    }

    void restored() {
        restoring.set(false);
    }

    /** Says whether the device has ATS on now. */
    boolean enableAts() {
        Errno err = pci().enableAts(PAGE_SHIFT);
        if (err.failed()) {
            smmu.kernel().printk(Level.ERR, this + ": failed to enable ATS: " + err);
        }
        return err.ok();
    }

    /** Tells the device to do without, whether or not it listens. Any context. */
    public void disableAts() {
        pci().disableAts();
    }

    // ---- tables

    long stePa() {
        return ste.get();
    }

    void stePa(long pa) {
        ste.set(pa);
    }

    CdTable cds() {
        return cds;
    }

    /** Its PASIDs that have a domain. */
    Spaces spaces() {
        return spaces;
    }

    // ---- fence and mute

    /** Held by whoever stores STE word 1 or looks at the fence. */
    public Spinlock steLock() {
        return steLock;
    }

    /** Under {@link #steLock}. */
    public FenceState fence() {
        return fence.get();
    }

    /** Under {@link #steLock}. */
    public void fence(FenceState next) {
        fence.set(next);
    }

    /** Is there a fence, effective or not? */
    public boolean fenced() {
        try (Held _ = steLock.irqsave()) {
            return fence.get() != FenceState.NONE;
        }
    }

    /** @req R37 R67 R68 R121 */
    public boolean muted() {
        life.touch();
        return muted.readOnce() != 0;
    }

    /** Says whether it was so before. */
    boolean mute(boolean next) {
        return muted.xchg(next ? 1 : 0) != 0;
    }

    /** Sets EATS=0 by one store. Under {@link #steLock}. */
    public void clearEats() {
        steLock.assertHeld();
        long pa = ste.get() + (long) Ste.EATS.word() * Long.BYTES;
        smmu.kernel().memory().store(pa, Ste.EATS.put(smmu.kernel().memory().load(pa), Ste.Eats.ABT));
    }

    @Override
    public String toString() {
        return dev.name();
    }
}
