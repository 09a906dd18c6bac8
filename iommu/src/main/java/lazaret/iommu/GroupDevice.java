// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

import lazaret.kernel.Errno;
import lazaret.kernel.Guarded;
import lazaret.kernel.GuardedWord;
import lazaret.kernel.Level;
import lazaret.kernel.Lifetime;
import lazaret.machine.Log;

/** A device as a member of its group. @kernel group_device */
public final class GroupDevice implements Runnable {
    private final Group group;
    private final Device dev;
    private final Lifetime life;
    /** Guarded by group.mutex. Not NONE: the hardware is on the blocking domain, whatever the group says. */
    private final Guarded<BlockReason> blocked;
    /** Guarded by group.mutex. Resets announced and not ended; they nest. */
    private final GuardedWord resetDepth;

    GroupDevice(Group group, Device dev) {
        this.group = group;
        this.dev = dev;
        life = new Lifetime(group.kernel(), dev.name() + " group_device");
        blocked = new Guarded<>(group.kernel(), "gdev.blocked", group.mutex(), life, BlockReason.NONE);
        resetDepth = new GuardedWord(group.kernel(), "gdev.reset_depth", group.mutex(), life, 0);
    }

    public Device dev() {
        return dev;
    }

    public BlockReason blocked() {
        return blocked.get();
    }

    /** As far as the core is concerned. */
    public boolean isBlocked() {
        return group.asksGroup() ? group.recoveryCnt() > 0 : blocked.get() != BlockReason.NONE;
    }

    public int resetDepth() {
        return (int) resetDepth.get();
    }

    /** What the hardware points at; null before the first attach, which may be put off. @req R15 */
    public Domain physical() {
        return dev.iommu().isDeferred() ? null : isBlocked() ? group.blockingDomain() : group.domain();
    }

    /** If that was put off. */
    Errno attachDeferred(Domain next) {
        return dev.iommu().isDeferred() ? point(next, null) : Errno.OK;
    }

    /** Where its attach is put off, the default domain can wait; any other is for now. */
    Errno attach(Domain next, Domain old) {
        if (!dev.iommu().isDeferred()) {
            return point(next, old);
        }
        return next == group.defaultDomain() ? Errno.OK : point(next, null);
    }

    /** The one place where a device's hardware changes domain. @req R2 */
    private Errno point(Domain next, Domain old) {
        group.mutex().assertHeld();
        next.life().touch();
        log(new IommuEntry.Attaching(dev.name(), dev.fwspec().ids(), next.name()));
        Errno err = callback(next, old);
        Domain there = err.ok() ? next : old;
        if (err.ok()) {
            dev.iommu().attachDeferred(false);
        }
        if (there != null) {
            log(new IommuEntry.Attached(dev.name(), dev.fwspec().ids(), there.name()));
        }
        return err;
    }

    /** To the driver's own blocking domain it cannot fail. */
    private Errno callback(Domain next, Domain old) {
        boolean canFail = !(next instanceof Domain.Blocked);
        return canFail && group.kernel().faults().callbackFails("attach of " + dev.name()) ? Errno.ENOMEM
                : dev.iommu().ops().attach(next, dev, old);
    }

    /** Tells that {@code domain} is where the device belongs, whether or not the hardware points there. */
    void belongs(Domain domain) {
        IommuEntry.Chosen.Kind kind = switch (domain) {
            case Domain.Paging _ -> IommuEntry.Chosen.Kind.TRANSLATES;
            case Domain.Nested guests -> guests.wantsAts() ? IommuEntry.Chosen.Kind.TRANSLATES
                    : IommuEntry.Chosen.Kind.WITHOUT_ATS;
            case Domain.Identity _ -> IommuEntry.Chosen.Kind.PASSES;
            case Domain.Blocked _ -> IommuEntry.Chosen.Kind.REFUSES;
        };
        log(new IommuEntry.Chosen(dev.name(), dev.fwspec().ids(), domain.name(), kind));
    }

    /**
     * Attaches where there is no way back; a device that cannot go there ends blocked, never on {@code old}.
     *
     * @req R9
     */
    void mustAttach(Domain next, Domain old) {
        Errno err = attach(next, old);
        if (err.failed()) {
            isolate(err, old);
        }
    }

    /**
     * The last resort. Only a driver without a native blocking domain can fail here, and then nobody can
     * help.
     */
    private void isolate(Errno why, Domain old) {
        dev.printk(Level.ERR, "cannot attach, error " + why + "; blocked until a reset");
        Domain blocking = group.makeBlockingDomain(dev);
        if (blocking == null || blocking != old && attach(blocking, old).failed()) {
            group.kernel().warnOn(true, dev.name() + " can be neither attached nor blocked");
        }
        shut(BlockReason.ATTACH_FAILED);
    }

    /** One PASID of the hardware changes domain. @param old what it has now, or null */
    Errno attachPasid(Domain next, int pasid, Domain old) {
        group.mutex().assertHeld();
        next.life().touch();
        log(new IommuEntry.PasidAttaching(dev.name(), dev.fwspec().ids(), pasid));
        Errno err = group.kernel().faults().callbackFails("attach of PASID " + pasid + " of " + dev.name())
                ? Errno.ENOMEM : dev.iommu().ops().attachPasid(next, dev, pasid, old);
        Domain there = err.ok() ? next : old;
        log(new IommuEntry.PasidAttached(dev.name(), dev.fwspec().ids(), pasid,
                there == null ? "" : there.name()));
        return err;
    }

    /** Cannot fail. */
    void removePasid(int pasid, Domain old) {
        group.mutex().assertHeld();
        log(new IommuEntry.PasidAttaching(dev.name(), dev.fwspec().ids(), pasid));
        dev.iommu().ops().removePasid(dev, pasid, old);
        log(new IommuEntry.PasidAttached(dev.name(), dev.fwspec().ids(), pasid, ""));
    }

    /**
     * The hardware is on the blocking domain: says so, and takes the PASIDs away too. Only then, for the
     * driver asks what the hardware points at.
     */
    void shut(BlockReason why) {
        boolean open = blocked.get() == BlockReason.NONE;
        block(why);
        if (open) {
            group.pasids().close(this);
        }
    }

    /**
     * The one door through which the reason changes; it keeps the group's count of devices in recovery.
     *
     * @req R1
     */
    void block(BlockReason to) {
        BlockReason from = blocked.get();
        if (from == to) {
            return;
        }
        blocked.set(to);
        if (from == BlockReason.NONE) {
            group.countRecovery(1);
        } else if (to == BlockReason.NONE) {
            group.countRecovery(-1);
        }
        log(new IommuEntry.BlockedChanged(dev.name(), from, to));
    }

    /** Another level of reset begins. Returns the depth. @req R24 */
    int enterReset() {
        return (int) resetDepth.add(1);
    }

    /** A level of reset ends. Returns the depth that is left. */
    int leaveReset() {
        return (int) resetDepth.add(-1);
    }

    void free() {
        life.free();
    }

    /** After a grace period. */
    @Override
    public void run() {
        free();
    }

    /** For those who found it in a list that they read without the mutex. */
    boolean is(Device other) {
        life.touch();
        return dev == other;
    }

    private void log(IommuEntry entry) {
        Log log = group.kernel().machine().log();
        if (log.hears()) {
            log.add(entry);
        }
    }

    @Override
    public String toString() {
        return dev.name();
    }
}
